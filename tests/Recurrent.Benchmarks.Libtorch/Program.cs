using System.Globalization;
using Recurrent.Benchmarks;
using Recurrent.Benchmarks.Libtorch;
using TorchSharp;

const string Usage = """
    Runs a workload of Recurrent.Benchmarks on libtorch: LibtorchPeer WORKLOAD MODE THREADS

      MODE  train, predict or predict-one; decode for G1 and B1, and for them alone

    It warms up, says what it is and then answers each line of standard input, "RUNS SECONDS", with the times of at least so many
    runs that take at least so long, as a line of JSON: so that runs of both sides can take turns.
    """;

if (args is not [string name, "train" or "predict" or "predict-one" or "decode", string count]
    || Sizes.All.SingleOrDefault(sizes => sizes.Name == name) is not Sizes sizes
    || (args[1] == "decode") != (sizes.Beam > 0)
    || !int.TryParse(count, CultureInfo.InvariantCulture, out int threads) || threads < 1)
{
    Console.Error.WriteLine($"{Usage}\nWorkloads: {string.Join(", ", Sizes.All.Select(sizes => sizes.Name))}");
    return 2;
}

try
{
    LibtorchLoader.Load();
}
catch (DllNotFoundException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

torch.set_num_threads(threads);
torch.manual_seed(1);
Action run = args[1] switch
{
    "train" => Runs.Training(sizes),
    "decode" => Decoding.Run(sizes),
    _ => Runs.Prediction(sizes, args[1] == "predict" ? sizes.BatchSize : 1),
};
Timing.WarmUp(run);
Console.WriteLine($"libtorch {new Version(torch.__version__).ToString(2)}");
while (Console.ReadLine() is string line)
{
    string[] order = line.Split(' ');
    int least = int.Parse(order[0], CultureInfo.InvariantCulture);
    double seconds = double.Parse(order[1], CultureInfo.InvariantCulture);
    Console.WriteLine(Timing.Of(run, least, seconds).Json);
}

return 0;
