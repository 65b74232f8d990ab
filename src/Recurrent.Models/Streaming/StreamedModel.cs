using Recurrent.Layers;
using Recurrent.Shapes;
using Recurrent.States;

namespace Recurrent.Streaming;

/// <summary>A model as sessions see it: its layers, each of which can work step by step. Any number of sessions share one.</summary>
internal sealed class StreamedModel
{
    // The model's own list, which shows when layers have been added or removed.
    private readonly List<Layer> current;
    private readonly Layer[] layers;
    private readonly Shape[] inputs;

    /// <summary>Looks at the layers of a model that is built.</summary>
    /// <param name="name">Name of the model, for messages.</param>
    /// <param name="layers">The model's list of layers.</param>
    /// <param name="inputShape">Shape of a sample of the model's input.</param>
    /// <exception cref="NotSupportedException">A layer needs more than one step at a time; the message names it.</exception>
    public StreamedModel(string name, List<Layer> layers, Shape inputShape)
    {
        Name = name;
        current = layers;
        this.layers = [.. layers];
        RequireSteps(name, inputShape, this.layers);
        inputs = [.. layers.Select(layer => OneStep(layer.InputShape!, layer.IdCount is not null))];
        Output = OneStep(layers[^1].OutputShape!, false);
        Descriptions = ModelState.Describe(layers);
    }

    /// <summary>Name of the model.</summary>
    public string Name { get; }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>Shape of one step of the input.</summary>
    public Shape Input => inputs[0];

    /// <summary>Number of ids of which a step is one; null where steps are vectors of numbers.</summary>
    public int? IdCount => layers[0].IdCount;

    /// <summary>Shape of the output at one step.</summary>
    public Shape Output { get; }

    /// <summary>Each layer with its sizes: a state belongs to a model with the same ones.</summary>
    public IReadOnlyList<string> Descriptions { get; }

    /// <summary>Most sequences that one session can hold: their values must fit in arrays.</summary>
    public int MostSequences
    {
        get
        {
            long most = layers.Zip(inputs, (layer, input) => layer.ValuesPerSample(input, differentiable: false)).Max();
            int state = layers.OfType<IStateful>().SelectMany(layer => layer.StateSizes).DefaultIfEmpty().Max();
            return (int)(Array.MaxLength / Math.Max(Math.Max(most, state), Output.Size));
        }
    }

    /// <summary>
    /// Numbers that a session works in for each sequence: inputs or gates, outputs, and states before and after. Cells that keep more than
    /// their gates, and stacks of cells, take up to four times as many.
    /// </summary>
    public long ValuesPerSequence => layers
        .Zip(inputs, (layer, input) =>
            layer.ValuesPerSample(input, differentiable: false) + OneStep(layer.OutputShape!, false).Size
            + ((layer as IStateful)?.StateSizes.Sum(size => 2L * size) ?? 0))
        .Sum();

    /// <summary>Makes room for steps of so many sequences.</summary>
    public Pass[] CreatePasses(int sequences)
    {
        var passes = new Pass[layers.Length];
        for (int i = 0; i < passes.Length; i++)
        {
            passes[i] = layers[i].CreatePass(new PassOptions(inputs[i], sequences, false, false) { Continuing = true });
            passes[i].Begin(training: false, 0);
        }

        return passes;
    }

    /// <summary>Makes ready for a step, with the weights that the model has now.</summary>
    public void Prepare()
    {
        if (!IsUnchanged())
        {
            throw new InvalidOperationException(
                $"The layers of model '{Name}' have changed since this session was opened. Open another session.");
        }

        foreach (Layer layer in layers)
        {
            layer.Prepare();
        }
    }

    /// <summary>Takes one step through all layers.</summary>
    /// <param name="passes">The passes, whose states move on.</param>
    /// <param name="input">The step of every sequence.</param>
    public SequenceBatch Step(Pass[] passes, SequenceBatch input)
    {
        SequenceBatch batch = input;
        for (int i = 0; i < layers.Length; i++)
        {
            batch = layers[i].Forward(passes[i], batch);
        }

        return batch;
    }

    // Some comparisons of references: little beside what even the smallest layer does in a step.
    private bool IsUnchanged()
    {
        if (current.Count != layers.Length)
        {
            return false;
        }

        for (int i = 0; i < layers.Length; i++)
        {
            if (!ReferenceEquals(current[i], layers[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static void RequireSteps(string name, Shape inputShape, Layer[] layers)
    {
        // A sequence of ids has no axis of features.
        bool ofIds = inputShape.Rank == 1 && layers[0].IdCount is not null;
        if (inputShape.Rank != 2 && !ofIds)
        {
            throw new NotSupportedException(
                $"A session feeds sequences of vectors step by step, but model '{name}' takes samples of shape {inputShape}, not (batch, timesteps, features). Use Predict.");
        }

        foreach (Layer layer in layers)
        {
            if (layer.StreamingObstacle is { } obstacle)
            {
                throw new NotSupportedException($"{layer.Introduction} of model '{name}' cannot work step by step: {obstacle}.");
            }
        }
    }

    private static Shape OneStep(Shape sample, bool ofIds) => sample.Rank > 1 || ofIds ? new([1, .. sample.Axes.Skip(1)]) : sample;
}
