using System.Globalization;
using Recurrent.Runs;

// A program that tests start and kill: RUN FOLDER [THREADS [SAVE_FREQ [DELAY_MS]]].
string run = args[0];
string folder = args[1];
int threads = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
int saveFreq = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 0;
int delay = args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : 0;
return run switch
{
    "arrays" => new KilledRun(folder, threads, saveFreq, delay).Run(),
    _ => 2,
};
