using System.Diagnostics;
using Recurrent.Keras;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Onnx;

namespace Recurrent.Benchmarks;

/// <summary>How long files take to be read, beside the reading of their bytes, and what memory that takes.</summary>
internal static class FileBenchmark
{
    private const int Rounds = 7;

    /// <summary>A model of about 100 MB in each kind of file, and a small one of three layers LSTM(50).</summary>
    public static IEnumerable<Measurement> Measure()
    {
        string folder = Directory.CreateTempSubdirectory("recurrent-files").FullName;
        try
        {
            var large = new Sequential([new Input((4, 1024)), new LSTM(1600, returnSequences: true), new LSTM(700),
                new Dense(2000)]);
            string Name(string end) => Path.Combine(folder, "large" + end);
            KerasFile.Save(large, Name(".keras"), includeOptimizer: false);
            large.SavePyTorch(Name(".pt"));
            large.SavePyTorch(Name(".safetensors"));
            large.Save(Name(".json"));
            large.SaveWeights(Name(".own.safetensors"));
            KerasFile.SaveWeights(large, Name(".weights.h5"));
            OnnxFile.Save(large, Name(".onnx"));
            var web = new Sequential([new Input((4, 1024)), new LSTM(1600, returnSequences: true), new LSTM(700),
                new Dense(2000)]);
            TensorFlowJsFile.Save(web, Path.Combine(folder, "model.json"));
            yield return Large("large .keras", Name(".keras"), () => KerasFile.Load(Name(".keras")));
            yield return Large("large .pt into a model", Name(".pt"), () => large.LoadPyTorch(Name(".pt")));
            yield return Large("large .safetensors into a model", Name(".safetensors"),
                () => large.LoadPyTorch(Name(".safetensors")));
            yield return Large("large .json", Name(".json"), () => Model.Load(Name(".json")));
            yield return Large("large .safetensors of its own names", Name(".own.safetensors"),
                () => large.LoadWeights(Name(".own.safetensors")));
            yield return Large("large .weights.h5 into a model", Name(".weights.h5"),
                () => KerasFile.LoadWeights(large, Name(".weights.h5")));
            yield return Large("large .onnx", Name(".onnx"), () => OnnxFile.Load(Name(".onnx")));
            yield return Large("large TensorFlow.js", Directory.GetFiles(folder, "*.bin"),
                () => TensorFlowJsFile.Load(Path.Combine(folder, "model.json")));

            var small = new Sequential([new Input((10, 1)), new LSTM(50, returnSequences: true),
                new LSTM(50, returnSequences: true), new LSTM(50), new Dense(1)]);
            string path = Path.Combine(folder, "small.keras");
            KerasFile.Save(small, path);
            yield return new("files", "3 × LSTM(50) in .keras", null,
                new Figure("milliseconds", Best(() => KerasFile.Load(path)), "ms in the best of seven"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Measurement Large(string name, string path, Action load) => Large(name, [path], load);

    private static Measurement Large(string name, string[] paths, Action load)
    {
        double reading = Best(() => Array.ForEach(paths, path => File.ReadAllBytes(path)));
        double loading = Best(load);
        long allocated = Memory.Allocated(load);
        long length = paths.Sum(path => new FileInfo(path).Length);
        return new("files", name, null,
            new("megabytes", length / 1e6, "MB"),
            new("milliseconds", loading, "ms"),
            new("of_reading", loading / reading, "times the reading of its bytes"),
            new("allocated", (double)allocated / length, "times its size allocated"));
    }

    private static double Best(Action run)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return best;
    }
}
