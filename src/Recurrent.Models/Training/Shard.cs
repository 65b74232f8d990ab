using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>
/// Part of a batch on its way through the model: one worker fills its inputs, runs it forward and backward, and has a loss at
/// each output.
/// </summary>
internal sealed class Shard
{
    private readonly Padding?[] paddings;
    private readonly bool[]?[] masks;

    /// <summary>Makes room for the passes of all layers.</summary>
    /// <param name="network">The model's network.</param>
    /// <param name="trained">The parameters that are trained: gradients come in their order. Null where no backward pass
    /// follows.</param>
    /// <param name="shapes">Shape of a sample of each value of the network; every axis known.</param>
    /// <param name="batchStart">Index in the batch of the shard's first sample.</param>
    /// <param name="size">Number of samples.</param>
    /// <param name="threads">How many threads the layers may use.</param>
    /// <param name="inputGradients">Whether a backward pass gives the gradients of the inputs too.</param>
    /// <param name="isElsewhere">Whether another process runs it, and only its outputs are here.</param>
    public Shard(Network network, IReadOnlyList<Parameter>? trained, Shape[] shapes, int batchStart, int size, int threads,
        bool inputGradients = false, bool isElsewhere = false)
    {
        BatchStart = batchStart;
        Size = size;
        Pass = new NetworkPass(network, shapes, new(size)
        {
            Trained = trained,
            UsesMovingStatistics = trained is null,
            Threads = threads,
            InputGradients = inputGradients,
            OutputsOnly = isElsewhere,
        });
        Gradients = trained is null || isElsewhere ? [] : [.. trained.Select(parameter => Pass.Gradients![parameter])];
        Heads = [.. Enumerable.Range(0, network.Outputs.Count).Select(i => new OutputHead(Pass, i))];
        paddings = new Padding?[network.Feeds.Length];
        masks = new bool[]?[network.Feeds.Length];
    }

    /// <summary>The pass through the network.</summary>
    public NetworkPass Pass { get; }

    /// <summary>Index in the batch of the shard's first sample.</summary>
    public int BatchStart { get; }

    /// <summary>Number of samples.</summary>
    public int Size { get; }

    /// <summary>The shard's share of the gradients of the trained parameters, in the model's order.</summary>
    public DenseMatrix[] Gradients { get; }

    /// <summary>What is computed at each output of the model.</summary>
    public OutputHead[] Heads { get; }

    /// <summary>The shard's share of the batch's loss, penalties on activities included.</summary>
    public double Loss { get; private set; }

    /// <summary>Copies samples in and runs every layer.</summary>
    /// <param name="inputs">Where samples come from.</param>
    /// <param name="samples">The batch: which samples, in which order. The shard takes its own part of them.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    /// <param name="key">Names the step, for random draws.</param>
    /// <param name="states">States that stateful layers go on from, or null.</param>
    public void Forward(SampleSet inputs, ReadOnlySpan<int> samples, bool training, ulong key, StateStore? states)
    {
        Fill(inputs, samples, training, key);
        Pass.Forward(states, BatchStart);
    }

    /// <summary>Copies samples in and begins a step, without running any layer.</summary>
    /// <param name="inputs">Where samples come from.</param>
    /// <param name="samples">The batch; the shard takes its own part of it.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    /// <param name="key">Names the step, for random draws.</param>
    public void Fill(SampleSet inputs, ReadOnlySpan<int> samples, bool training, ulong key)
    {
        ReadOnlySpan<int> own = samples.Slice(BatchStart, Size);
        for (int i = 0; i < paddings.Length; i++)
        {
            SequenceBatch input = Pass.Input(i);
            inputs.Parts[i].Gather(own, input.Values);
            Pad(i, inputs.Parts[i], own, input);
        }

        Pass.Begin(training, SeededRandom.Key(key, (ulong)BatchStart));
    }

    /// <summary>Copies targets and weights in, and finds which columns count.</summary>
    /// <param name="data">Where they come from.</param>
    /// <param name="samples">The batch; the shard takes its own part.</param>
    public void GatherTargets(TrainingData data, ReadOnlySpan<int> samples)
    {
        for (int i = 0; i < Heads.Length; i++)
        {
            if (data.Outputs[i] is { } output)
            {
                Heads[i].GatherTargets(output, samples.Slice(BatchStart, Size));
            }
        }
    }

    /// <summary>Computes the shard's share of the loss, and its gradient at each output where a backward pass follows.</summary>
    /// <param name="data">What the losses are computed from.</param>
    /// <param name="columnScales">For each output, by what the loss of a column counts in that of the batch.</param>
    /// <param name="batchSize">Number of samples of the whole batch.</param>
    /// <param name="lossScale">By what the gradient, and not the loss, is multiplied.</param>
    public void ComputeLoss(TrainingData data, ReadOnlySpan<double> columnScales, int batchSize, double lossScale = 1)
    {
        double sum = Pass.ActivityPenalty / batchSize;
        for (int i = 0; i < Heads.Length; i++)
        {
            bool differentiable = Pass.Gradients is not null;
            if (differentiable)
            {
                Pass.GivenOutputs[i] = data.Outputs[i] is not null;
            }

            if (data.Outputs[i] is not { } output)
            {
                continue;
            }

            // One loss that counts in full is summed up with the penalties, several are, each for itself. That of a whole batch
            // is there.
            bool ofColumns = output.Loss is not BatchLoss;
            bool alone = Heads.Length == 1 && output.LossWeight == 1 && ofColumns;
            if (ofColumns)
            {
                Heads[i].ComputeLoss(output, columnScales[i], alone ? sum : 0, differentiable, lossScale);
            }

            sum = alone ? Heads[i].Loss : sum + (output.LossWeight * Heads[i].Loss);
        }

        Loss = sum;
    }

    /// <summary>Masks the padding of new input, where there is any.</summary>
    private void Pad(int index, Samples part, ReadOnlySpan<int> own, SequenceBatch input)
    {
        Padding? padding = null;
        if (part.IsRagged)
        {
            int steps = input.SampleShape[0]!.Value;
            padding = paddings[index] ??= new Padding(steps, Size);
            padding = part.FindPadding(own, padding, steps) ? padding : null;
        }

        // Ids have no columns of their own that a mask could tell of: the layer that makes some asks for the padding.
        input.Padding = padding;
        input.Mask = null;
        if (padding is not null && input.SampleShape.Rank > 1)
        {
            input.Mask = masks[index] ??= new bool[input.Values.ColumnCount];
            Array.Fill(input.Mask, true);
            padding.Hide(input.Mask);
        }
    }
}
