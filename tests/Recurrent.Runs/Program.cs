using System.Globalization;
using Recurrent.Runs;

// A program that tests start and kill: RUN FOLDER [THREADS [SAVE_FREQ or ROWS]].
string run = args[0];
string folder = args[1];
int threads = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
int number = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 0;
return run switch
{
    "arrays" or "rows" => new KilledRun(run, folder, threads, number).Run(),
    "write" => new LargeRun(folder, number).Write(),
    "large" => new LargeRun(folder, number).Train(threads),
    _ => 2,
};
