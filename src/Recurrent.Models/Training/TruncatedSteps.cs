using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>
/// Truncated backpropagation through time: the sequences of a batch in pieces of k steps, one update a piece. The states a piece
/// ends with are those the next one begins with; no gradient goes from one to the other.
/// </summary>
internal sealed class TruncatedSteps
{
    private readonly TrainingContext context;
    private readonly TrainStep[] steps;
    private readonly double[] shares;

    // The states of all layers for each batch size there is, and what they share with the model.
    private readonly Dictionary<int, (StateStore States, StateStore? Carried)> stores = [];

    /// <summary>Cuts the data; values are shared.</summary>
    /// <param name="context">What is trained.</param>
    /// <param name="data">What it is trained on, of the shape that <see cref="Check"/> has seen.</param>
    /// <param name="length">Steps of a piece; the last one may have fewer.</param>
    public TruncatedSteps(TrainingContext context, TrainingData data, int length)
    {
        this.context = context;
        int whole = data.Inputs.SampleShapes[0][0]!.Value;
        (int First, int Count)[] pieces =
            [.. Enumerable.Range(0, (whole + length - 1) / length)
                .Select(i => (i * length, Math.Min(length, whole - (i * length))))];
        steps = [.. pieces.Select(piece => new TrainStep(context, Piece(data, piece.First, piece.Count)))];
        shares = [.. pieces.Select(piece => (double)piece.Count / whole)];
    }

    /// <summary>What was no finite number in the last batch, as <see cref="TrainStep.Divergence"/> says it; null where all
    /// were.</summary>
    public string? Divergence { get; private set; }

    /// <summary>Checks that a model can be trained piece by piece, before anything is changed.</summary>
    /// <exception cref="ArgumentException">A layer needs whole sequences or does not give an output at every step; the message
    /// names it.</exception>
    public static void Check(string model, SampleSet inputs, IReadOnlyList<LayerShapes> layers)
    {
        Shape sample = inputs.SampleShapes[0];
        foreach (Samples part in inputs.Parts)
        {
            bool ofIds = part.SampleShape.Rank == 1 && layers[0].Layer.ReadsTokens;
            if (part.IsRagged || (part.SampleShape.Rank < 2 && !ofIds))
            {
                throw Refused(part.IsRagged
                    ? $"model '{model}' is given sequences of unequal length"
                    : $"model '{model}' takes samples of shape {part.SampleShape}, which have no time steps");
            }

            if (part.SampleShape[0] != sample[0])
            {
                throw Refused($"the inputs of model '{model}' have {sample[0]} and {part.SampleShape[0]} steps");
            }
        }

        foreach ((Layer layer, _, Shape output, bool wired) in layers)
        {
            if (layer.StreamingObstacle is { } obstacle)
            {
                throw Refused($"{layer.Introduction} cannot go on from the steps before, because {obstacle.Reason}");
            }

            if (layer.StateObstacle is { } state)
            {
                throw Refused($"{layer.Introduction} cannot go on from the steps before, because {state.Reason}");
            }

            if (wired)
            {
                throw Refused($"{layer.Introduction} begins with states that other layers give, which hold for whole sequences");
            }

            if (layer is RecurrentLayer { ReturnSequences: false })
            {
                throw Refused($"{layer.Introduction} gives its output at the last step alone. Set returnSequences: true on it "
                    + "and give a target for each step");
            }

            if (output.Rank < 2 || output[0] != sample[0])
            {
                throw Refused($"{layer.Introduction} gives {output}, which is not one output for each of the {sample[0]} steps");
            }
        }
    }

    /// <summary>Trains on a batch, piece after piece.</summary>
    /// <param name="samples">The batch.</param>
    /// <param name="objective">Takes in loss and metrics of every piece.</param>
    public void Run(ReadOnlyMemory<int> samples, Objective objective)
    {
        StateStore states = Begin(samples.Length);
        for (int i = 0; i < steps.Length; i++)
        {
            using (BatchLease trained = steps[i].Run(samples, states))
            {
                if (trained.Batch.CountedColumns > 0)
                {
                    objective.Update(trained.Batch, steps[i].Loss, shares[i]);
                }
            }

            Divergence = steps[i].Divergence;
            if (Divergence is not null)
            {
                return;
            }
        }
    }

    private static TrainingData Piece(TrainingData data, int first, int count) => new(
        new([.. data.Inputs.Parts.Select(part => Window(part, first, count))]),
        [.. data.Outputs.Select(output => output is null ? null : output with
        {
            Targets = Window(output.Targets, first, count),

            // Weights of whole samples count for each of their pieces.
            Weights = output.Weights?.SampleShape.Rank > 1 ? Window(output.Weights, first, count) : output.Weights,
        })]);

    /// <summary>Some steps of samples, which are of one length where they are cut.</summary>
    private static Samples Window(Samples samples, int first, int count) => samples is LazySamples lazy
        ? lazy.Window(first, count)
        : ((SampleArray)samples).Window(first, count);

    private static ArgumentException Refused(string reason) =>
        new($"truncatedSteps trains on pieces of sequences, but {reason}.");

    /// <summary>The states with which a batch begins: zero, but for those that stateful layers bring from the batch
    /// before.</summary>
    private StateStore Begin(int samples)
    {
        StateStore? carried = context.StatesFor(samples, samples, out _);
        if (!stores.TryGetValue(samples, out (StateStore States, StateStore? Carried) known) || known.Carried != carried)
        {
            known = (StateStore.CreateForAll(context.Network, samples, carried), carried);
            stores[samples] = known;
        }

        known.States.ClearAllBut(carried);
        return known.States;
    }
}
