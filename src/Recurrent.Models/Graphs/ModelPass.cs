using Recurrent.Layers;
using Recurrent.Random;

namespace Recurrent.Models;

/// <summary>A pass of a model that stands inside a wrapper; in a graph, a model's own layers run in its place.</summary>
internal sealed class ModelPass : Pass
{
    private readonly NetworkPass inner;

    public ModelPass(Model model, PassOptions options)
        : base(model, options)
    {
        Network network = model.Network;
        inner = new NetworkPass(network, network.InferShapes(options.InputShapes), new(options.BatchSize)
        {
            Trained = options.Differentiable ? network.Parameters : null,
            InputGradients = options.InputGradients.Contains(true),
            Threads = options.Threads,
            Continuing = options.Continuing,
            Capacity = options.Capacity,
            UsesMovingStatistics = options.UsesMovingStatistics,
            Gradients = Options.Gradients,
        });
    }

    /// <summary>The pass through the model's own layers.</summary>
    internal NetworkPass Inner => inner;

    internal override double ActivityPenalty => inner.ActivityPenalty;

    public IEnumerable<RecurrentRun> RecurrentRuns(string path) => inner.RecurrentRuns(path + "/");

    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        inner.Begin(training, SeededRandom.Key(key, 0x4D4F44454CUL + (ulong)Options.Use));
    }

    public void Forward(ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            inner.SetInput(i, inputs[i]);
        }

        inner.Forward();
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = inner.Output(i);
        }
    }

    public void Backward(ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients)
    {
        for (int i = 0; i < outputGradients.Length; i++)
        {
            inner.GivenOutputs[i] = outputGradients[i] is not null;
            outputGradients[i]?.Values.CopyTo(inner.OutputGradient(i).Values, 0);
        }

        inner.Backward(PenaltyScale);
        for (int i = 0; i < inputGradients.Length; i++)
        {
            inputGradients[i] = inner.InputGradient(i);
        }
    }
}
