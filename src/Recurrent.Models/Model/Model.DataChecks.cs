using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Parameters;
using Recurrent.Shapes;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Checking what callers hand in, before any work.</content>
public partial class Model
{
    /// <summary>The layers in the order in which they run, each with the shapes that it reads and gives for shapes of the
    /// inputs.</summary>
    internal IReadOnlyList<LayerShapes> Walk(IReadOnlyList<Shape> inputs)
    {
        if (!IsBuilt)
        {
            return [.. Network.Chain(Recurrent.Layers.Input.For(inputs[0], layers[0]), layers).Select(call => new LayerShapes(
                call.Layer, call.Inputs[0].Shape, call.Outputs[0].Shape, HasWiredStates: false))];
        }

        Shape[] shapes = Network.InferShapes(inputs);
        return [.. Network.Nodes.Select(node => new LayerShapes(
            node.Layer, shapes[node.Reads[0]], shapes[node.FirstOutput], node.HasWiredStates))];
    }

    /// <summary>Checks inputs, targets and weights before any work.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The targets.</param>
    /// <param name="sampleWeight">The weights, or null.</param>
    /// <param name="owner">The argument they are part of, for messages; null where they are arguments themselves.</param>
    internal TrainingData CheckData(ModelData x, ModelData y, ModelData? sampleWeight, string? owner = null)
    {
        RequireCompiled();
        (string inputsName, string targetsName, string weightsName) = owner is null
            ? (nameof(x), nameof(y), nameof(sampleWeight))
            : ($"{owner}.X", $"{owner}.Y", $"{owner}.SampleWeight");
        SampleSet inputs = CheckInputs(x, inputsName);
        IReadOnlyList<Shape> shapes = OutputShapesFor(inputs.SampleShapes);
        string[] names = NamesOfOutputs();
        bool[] needed = [.. Compiled!.Outputs.Select(output => output.Loss is not null)];
        DataPart?[] targets = new DataSplit(Name, "output", names).Targets(y, targetsName, needed, inputs.IsRagged);
        DataPart?[] weights = new DataSplit(Name, "output", names).Weights(sampleWeight, weightsName, inputs.IsRagged);
        var outputs = new OutputData?[shapes.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = Compiled.Outputs[i].Loss is { } loss
                ? CheckOutput(i, loss, targets[i]!, weights[i], inputs, shapes[i])
                : null;
        }

        return new(inputs, outputs);
    }

    /// <summary>Checks data that a built and compiled model is measured on.</summary>
    /// <exception cref="InvalidOperationException">The model is not built or compiled.</exception>
    internal TrainingData CheckForMeasuring(ModelData x, ModelData y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        RequireCompiled();
        RequireBuilt();
        return CheckData(x, y, null);
    }

    /// <summary>Checks inputs of a built model that is looked into.</summary>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    internal SampleSet CheckForExplaining(ModelData x, string argument)
    {
        ArgumentNullException.ThrowIfNull(x, argument);
        RequireBuilt();
        return CheckInputs(x, argument);
    }

    /// <summary>Begins what reads parameters, and must not meet training.</summary>
    internal ParameterGate.Use BeginReading(string action) => Gate.Read(action);

    /// <summary>Checks inputs before any work.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="argument">Name of the argument.</param>
    internal SampleSet CheckInputs(ModelData x, string argument)
    {
        if (layers.Count == 0 && this is Sequential)
        {
            // Says that there are none.
            OutputShapesFor([new Shape(1)]);
        }

        RequireLearnt();

        // Most calls are of one array for one input, whose name no message needs.
        bool isPlain = x is { Array: not null } && (!IsBuilt || Network.Inputs.Count == 1) && !TakesStrings(0);
        string[] names = isPlain ? [] : NamesOfInputs();
        DataPart[] parts = isPlain
            ? [new(x.Array, null, argument)]
            : LookUp(new DataSplit(Name, "input", names).Inputs(x, argument), names);
        var expected = new Shape[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            Layer reader = ReaderOf(i);
            expected[i] = IsBuilt ? Network.Inputs[InputOf(i)].Shape
                : InputShape ?? reader.NaturalInputShape
                ?? (parts[i].Sequences is { } sequences
                    ? RaggedCheck.SampleShape(sequences, reader, parts[i].Argument)
                    : DataCheck.SampleShape(parts[i].Shape!, parts[i].Argument));
            expected[i] = reader.FedShape(expected[i]);
        }

        if (!IsBuilt)
        {
            OutputShapesFor(expected);
        }

        if (Array.Exists(parts, part => part.Sequences is not null))
        {
            RaggedCheck.Layers(Name, Walk(expected));
        }

        var samples = new Samples[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            string who = parts.Length == 1 ? ReaderOf(i).Introduction : $"Input '{names[InputOf(i)]}'";
            string? hint = parts.Length == 1 || parts[i].Shape is null ? null : Fitting(parts[i].Shape!, expected, names, i);
            samples[i] = parts[i].Sequences is { } sequences
                ? RaggedCheck.Inputs(sequences, expected[i], ReaderOf(i), who, parts[i].Argument)
                : parts[i].Lazy is { } lazy
                    ? DataCheck.Inputs(lazy, expected[i], ReaderOf(i), who, parts[i].Argument, hint)
                    : DataCheck.Inputs(parts[i].Array!, expected[i], ReaderOf(i), who, parts[i].Argument, hint);
            if (samples[i].Count != samples[0].Count)
            {
                throw new ArgumentException(
                    $"Input '{names[InputOf(i)]}' of model '{Name}' has {samples[i].Count} samples, but '{names[0]}' has "
                    + $"{samples[0].Count}. Each sample needs a part for every input.", argument);
            }
        }

        if (samples.Length > 1 && Array.Exists(samples, part => part is RaggedSamples))
        {
            RaggedMerge.Require(Network, samples, argument);
        }

        return new(samples);
    }

    /// <summary>Where an array does not fit its input but another one, a hint that the order is wrong; else null.</summary>
    private static string? Fitting(IReadOnlyList<int> array, Shape[] expected, string[] names, int index)
    {
        Shape sample = new([.. array.Skip(1).Select(axis => (int?)axis)]);
        int fits = expected[index].Accepts(sample) ? -1 : Array.FindIndex(expected, shape => shape.Accepts(sample));
        return fits < 0
            ? null
            : $"It fits the input '{names[fits]}': give the arrays in the order {string.Join(", ", names)}, or by name.";
    }

    private OutputData CheckOutput(
        int index, LossChoice compiled, DataPart targets, DataPart? weights, SampleSet inputs, Shape shape)
    {
        double lossWeight = Compiled!.Outputs[index].LossWeight;
        RaggedSamples? source = shape.Rank > 0 && shape[0] is null
            ? inputs.Parts[IsBuilt ? Network.SourceOf(Network.OutputPlaces[index]) : 0] as RaggedSamples
            : null;
        if (compiled.Loss is { } known)
        {
            compiled = known.Along(shape);
        }

        if (compiled.Loss is BatchLoss whole)
        {
            whole.CheckOutput(shape);
            targets = targets.WrittenOut();
            weights = weights?.WrittenOut();
            if (whole is CTC ctc && targets.Sequences is { } rows && BatchLossCheck.Filled(rows, ctc.Blank) is { } filled)
            {
                targets = new(filled, null, targets.Argument);
            }
        }

        ReadingCheck.Loss(compiled.Loss, GiverOf(index));
        OutputData output = CheckOutput(compiled, targets, weights, inputs, shape, source, GiverOf(index), lossWeight)
            with
        { Reading = GiverOf(index).Reading };
        ReadingCheck.Targets(output, layers);
        if (output.Loss is BatchLoss loss)
        {
            BatchLossCheck.Weights(loss, output.Weights, weights?.Argument ?? string.Empty);
            if (shape.Rank == 2 && output.Targets is SampleArray array)
            {
                BatchLossCheck.Steps(loss, array, i => shape[0] ?? source?.Items[i].Shape[0] ?? int.MaxValue);
            }
        }

        return output;
    }

    private OutputData CheckOutput(
        LossChoice compiled,
        DataPart targets,
        DataPart? weights,
        SampleSet inputs,
        Shape shape,
        RaggedSamples? source,
        Layer giver,
        double lossWeight)
    {
        if (targets.Sequences is { } sequences)
        {
            RaggedSamples? lengths = source ?? inputs.Parts.OfType<RaggedSamples>().FirstOrDefault();
            int rank = sequences is { Count: > 0 } ? sequences[0].Rank : 0;
            if (lengths is not null)
            {
                Loss own = compiled.For(shape.Features, rank == shape.Rank && rank > 0 ? sequences[0].Shape[^1] : 1);
                Samples checkedTargets = RaggedCheck.Targets(sequences, lengths, shape, giver, own, targets.Argument, layers);
                return new(checkedTargets, RaggedCheck.Weights(weights?.Sequences, lengths, checkedTargets, weights?.Argument
                    ?? string.Empty), own, shape, lossWeight);
            }

            targets = targets.Stacked();
        }

        IReadOnlyList<int> axes = targets.Shape!;
        Loss loss = compiled.For(shape.Features, axes.Count == shape.Rank + 1 ? axes[^1] : 1);
        Samples y = targets.Lazy is { } lazy
            ? DataCheck.Targets(lazy, inputs.Count, shape, giver, loss, targets.Argument, layers)
            : DataCheck.Targets(targets.Array!, inputs.Count, shape, giver, loss, targets.Argument, layers);
        Samples? counts = weights?.Lazy is { } lazyWeights
            ? DataCheck.Weights(lazyWeights, y, weights.Argument)
            : DataCheck.Weights(weights?.Stacked().Array, y, weights?.Argument ?? string.Empty);
        return new(y, counts, loss, shape, lossWeight);
    }

    /// <summary>The layer that reads what is fed, for messages and for what it says of ids.</summary>
    private Layer ReaderOf(int feed) => IsBuilt
        ? Network.ReaderOf(feed) ?? Network.Inputs[InputOf(feed)].Layer
        : First;

    /// <summary>Which input is fed.</summary>
    private int InputOf(int feed) => IsBuilt ? Network.Feeds[feed].Input : feed;

    /// <summary>The layer that gives an output.</summary>
    private Layer GiverOf(int output) => IsBuilt ? Network.GiverOf(output) : Last;

    private string[] NamesOfInputs() => IsBuilt ? [.. InputNames] : [Input?.Name ?? "input_layer"];

    private string[] NamesOfOutputs() => IsBuilt ? [.. OutputNames] : [Last.Name!];
}
