using Microsoft.ML.OnnxRuntime;
using Recurrent.Random;

namespace Recurrent.Benchmarks.Peers;

/// <summary>ONNX Runtime, in this process: predictions with a model of the same layers and random weights.</summary>
internal sealed class OnnxPeer : IPeer
{
    private readonly InferenceSession session;
    private readonly RunOptions run = new();
    private readonly OrtValue[] inputs;
    private readonly OrtValue[] outputs;

    private OnnxPeer(OnnxModel model, int samples, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        session = new(model.ToBytes(), options);
        var random = new SeededRandom(1);
        float[] x = [.. Enumerable.Range(0, model.InputCount(samples)).Select(_ => (float)random.NextNormal())];
        var y = new float[model.OutputCount(samples)];
        inputs = [OrtValue.CreateTensorValueFromMemory(x, model.InputShape(samples))];

        // The call that is timed writes into memory that is there, as a caller who cares about time has it.
        outputs = [OrtValue.CreateTensorValueFromMemory(y, model.OutputShape(samples))];
        Array.Fill(y, float.NaN);
        Run();
        if (!y.All(float.IsFinite))
        {
            throw new PeerException("ONNX Runtime did not compute its outputs.");
        }

        Timing.WarmUp(Run);
    }

    public string Version => $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";

    /// <summary>A workload's layers, predicting some samples at once.</summary>
    public static OnnxPeer Of(Workload workload, int samples, int threads) => new(OnnxModel.Of(workload), samples, threads);

    /// <summary>A model that does nothing, with W2's input: what a call costs.</summary>
    public static OnnxPeer Identity() => new(OnnxModel.Identity(Sizes.Of("W2")), 1, 1);

    public Timing Measure(int repeat, double seconds) => Timing.Of(Run, repeat, seconds);

    public void Dispose()
    {
        foreach (OrtValue value in (OrtValue[])[.. inputs, .. outputs])
        {
            value.Dispose();
        }

        run.Dispose();
        session.Dispose();
    }

    private void Run() => session.Run(run, OnnxModel.InputNames, inputs, OnnxModel.OutputNames, outputs);
}
