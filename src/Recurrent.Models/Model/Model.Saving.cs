using System.Globalization;
using Recurrent.Layers;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Training;
using InputLayer = Recurrent.Layers.Input;

namespace Recurrent.Models;

/// <content>Models as JSON: architectures in Keras's words, and files with weights and the state of training.</content>
public partial class Model
{
    // What the model itself has written needs no limits.
    private static ReadLimits Unlimited =>
        new() { MaxLength = long.MaxValue, MaxLayers = int.MaxValue, MaxParameters = long.MaxValue };

    /// <summary>The model without its weights, as the JSON that <c>keras.Model.to_json</c> writes.</summary>
    /// <param name="indented">Whether to break lines and indent.</param>
    public string ToJson(bool indented = false) => ModelFileWriter.Write(Describe(), indented);

    /// <summary>
    /// Writes the model to a file: architecture, weights, what it is compiled for, and how far training has come. A model read
    /// from it predicts the same bits, and trained on it takes the very steps this one would take. States that stateful layers
    /// carry from batch to batch are not written.
    /// </summary>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays as it is if anything
    /// fails.</param>
    /// <param name="includeOptimizer">Whether the state of the optimizer and of training is written.</param>
    /// <param name="plainNumbers">Whether weights are written as decimal numbers, and not in base64: larger, but
    /// readable.</param>
    /// <exception cref="ArgumentException">The name ends as those of another format do, such as <c>.keras</c> or
    /// <c>.h5</c>.</exception>
    /// <exception cref="InvalidOperationException">A weight is not a finite number, or no reader could take the file; the message
    /// says why.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, bool includeOptimizer = true, bool plainNumbers = false)
    {
        FileKinds.RequireJson(path);
        using ParameterGate.Use use = Gate.Read(nameof(Save));
        ModelFile file = Capture(includeOptimizer);
        AtomicFile.Write(path, stream => ModelFileWriter.Write(stream, file, plainNumbers));
    }

    /// <summary>Writes the model to a stream, as <see cref="Save(string, bool, bool)"/> does to a file.</summary>
    /// <param name="stream">Receives the model; it stays open.</param>
    /// <param name="includeOptimizer">Whether the state of the optimizer and of training is written.</param>
    /// <param name="plainNumbers">Whether weights are written as decimal numbers, and not in base64.</param>
    /// <exception cref="InvalidOperationException">A weight is not a finite number, or no reader could take the file; the message
    /// says why.</exception>
    public void Save(Stream stream, bool includeOptimizer = true, bool plainNumbers = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using ParameterGate.Use use = Gate.Read(nameof(Save));
        ModelFileWriter.Write(stream, Capture(includeOptimizer), plainNumbers);
    }

    /// <summary>
    /// A model of its own with the same layers and weights, what it is compiled for and how far training has come: to predict
    /// with, for instance, while this one is trained. States that stateful layers carry from batch to batch are not copied.
    /// </summary>
    /// <param name="custom">Layers, cells and other components of one's own that the model has; null for none.</param>
    /// <exception cref="InvalidOperationException">A weight is not a finite number, or another thread is training the
    /// model.</exception>
    public Model Clone(CustomObjects? custom = null)
    {
        using var file = new MemoryStream();
        Save(file);
        file.Position = 0;
        Model clone = Load(file, compile: true, Unlimited, custom);
        clone.MaxDegreeOfParallelism = MaxDegreeOfParallelism;
        return clone;
    }

    private Architecture Describe()
    {
        var wrapped = new Dictionary<Layer, Architecture>(ReferenceEqualityComparer.Instance);
        return Describe(batchSize: null, wrapped) with { Shared = SharedLayers(), Wrapped = wrapped };
    }

    private Architecture Describe(int? batchSize, Dictionary<Layer, Architecture> wrapped)
    {
        GraphDescription? description = Connections;
        foreach (Model inside in layers.SelectMany(layer => layer.Inner).SelectMany(WithInner).OfType<Model>())
        {
            if (!wrapped.ContainsKey(inside))
            {
                wrapped.Add(inside, inside.Describe(null, wrapped));
            }
        }

        int? own = batchSize ?? (graph is null ? Input : (Input)graph.Inputs[0].Layer)?.BatchSize;
        return new(Name, [.. (description?.Entries ?? layers).Select(layer => new LayerEntry(
            layer, (layer as Model)?.Describe(own, wrapped), description?.CallsOf(layer) ?? []))])
        {
            Trainable = Trainable,
            Ends = description?.Ends,
            Input = Input,
            InputShape = InputShape,
            BatchSize = own,
            Compile = Compiled is null ? null : DescribeCompiled(Compiled),
        };
    }

    private static CompileSettings DescribeCompiled(CompileOptions compiled)
    {
        return new(
            compiled.Optimizer,
            PerOutput(output => output.Loss),
            compiled.Outputs.All(output => output.LossWeight == 1) ? null
            : new([.. compiled.Outputs.Select(output => output.LossWeight)], null, IsOne: false),
            compiled.Outputs.All(output => output.Metrics.Count == 0) ? null : PerOutput(output => output.Metrics),
            compiled.Outputs.All(output => output.WeightedMetrics.Count == 0) ? null
            : PerOutput(output => output.WeightedMetrics));

        PerOutput<T> PerOutput<T>(Func<OutputOptions, T> choose) =>
            new([.. compiled.Outputs.Select(choose)], null, IsOne: compiled.Outputs.Count == 1);
    }

    /// <summary>
    /// Numbers of the layers and models that stand in several places of the model, in models and layers inside it.
    /// </summary>
    private Dictionary<Layer, long> SharedLayers()
    {
        var places = new Dictionary<Layer, int>(ReferenceEqualityComparer.Instance);
        var met = new List<Layer>();
        Visit(this);
        var numbers = new Dictionary<Layer, long>(ReferenceEqualityComparer.Instance);
        foreach (Layer layer in met.Where(layer => places[layer] > 1))
        {
            numbers.Add(layer, numbers.Count + 1);
        }

        return numbers;

        void Visit(Layer layer)
        {
            int count = places[layer] = places.GetValueOrDefault(layer) + 1;
            if (count == 1)
            {
                met.Add(layer);
                foreach (Layer inner in layer is Model model ? model.layers : layer.Inner)
                {
                    Visit(inner);
                }
            }
        }
    }

    /// <summary>A layer and those inside it, but not what models inside it are made of.</summary>
    private static IEnumerable<Layer> WithInner(Layer layer) => [layer, .. layer.Inner.SelectMany(WithInner)];

    /// <summary>The parameters with their paths, each once, and whether a file has to say which of them are trainable.</summary>
    private IEnumerable<(string Path, Parameter Parameter, bool Follows)> ParametersToSave => layers
        .SelectMany(layer => layer is Model inner
            ? inner.ParametersToSave.Select(each => ($"{inner.Name}/{each.Path}", each.Parameter, each.Follows))
            : layer.ParameterPaths.Zip(layer.Parameters, (path, parameter) => (path, parameter, Follows(layer, layer.Trainable))))
        .DistinctBy(each => each.Item2, (IEqualityComparer<Parameter>)ReferenceEqualityComparer.Instance);

    private ModelFile Capture(bool includeOptimizer)
    {
        // What is trained was settled when it was first asked for after Compile; what is said of parameters since may differ.
        HashSet<Parameter>? trained = includeOptimizer ? Context.SettledParameters?.ToHashSet() : null;
        Architecture architecture = Describe();
        StoredArray[] weights = [.. ParametersToSave.Select(each => Stored(
            each.Path, each.Parameter.Shape, each.Parameter.Value, each.Follows ? null : each.Parameter.Trainable,
            trained?.Contains(each.Parameter) is { } isTrained && isTrained != each.Parameter.Trainable ? isTrained : null))];
        var file = new ModelFile(architecture, Seed, weights, includeOptimizer ? CaptureTraining() : null);
        file = file with { Seeds = Seeds() };
        SaveCheck.Require(Name, file);
        return file;
    }

    /// <summary>The seeds of all layers, those of models inside in their place; null where a reader finds them all from the
    /// model's own.</summary>
    private IReadOnlyList<long>? Seeds()
    {
        bool derived = graph is null && layers.Select((layer, i) => (layer, i)).All(each =>
            WithInner(each.layer).All(inner => inner is not Model)
            && each.layer.DrawSeed == Random.SeededRandom.Key((ulong)Seed, (ulong)each.i));
        return derived || !IsBuilt ? null : [.. WithSeeds(this).Select(layer => (long)layer.DrawSeed)];
    }

    /// <summary>The layers that have seeds of their own: it, or those of models, which may stand inside it. Each once.</summary>
    internal static IEnumerable<Layer> WithSeeds(Layer layer)
    {
        return Find(layer).Distinct<Layer>(ReferenceEqualityComparer.Instance);

        static IEnumerable<Layer> Find(Layer layer) => layer switch
        {
            Model model => (model.Connections?.Layers ?? model.layers).SelectMany(Find),
            InputLayer => [],
            _ => [layer, .. layer.Inner.SelectMany(WithInner).OfType<Model>().SelectMany(Find)],
        };
    }

    /// <summary>Whether everything in a layer is trained, or nothing is, just as the layer says, so that a file need not say it
    /// again.</summary>
    private static bool Follows(Layer layer, bool trainable) =>
        layer.Parameters.All(parameter => parameter.Trainable == trainable || parameter.IsStatistic);

    private TrainingState CaptureTraining()
    {
        Optimizer? optimizer = Optimizer;
        if (optimizer is null or { IsBuilt: false })
        {
            return new(Progress.Epochs, Progress.Steps, optimizer?.Iterations ?? 0, []);
        }

        if (!optimizer.Parameters.SequenceEqual(Runner.TrainableParameters))
        {
            throw new InvalidOperationException(
                $"The optimizer of model '{Name}' remembers other parameters than those that are trainable now. Compile the "
                + "model anew, or save it with includeOptimizer: false.");
        }

        StoredArray[] slots = [.. Slots(optimizer).Select(slot => Stored(slot.Path, slot.Shape, slot.Values))];
        return NegativeSlot(optimizer) is not int negative
            ? new(Progress.Epochs, Progress.Steps, optimizer.Iterations, slots)
            : throw new InvalidOperationException(
                $"'{slots[negative].Name}' of model '{Name}' holds a negative number, and {optimizer.ClassName} takes the root "
                + "of it: such a state is not saved. Compile the model with a new optimizer.");
    }

    /// <summary>The first slot with a negative number that can have none; null where there is no such one.</summary>
    private static int? NegativeSlot(Optimizer optimizer)
    {
        for (int i = 0; i < optimizer.Slots.Count; i++)
        {
            if (optimizer.Slots[i].IsNonNegative && optimizer.Slots[i].Values.Values.Any(value => value < 0))
            {
                return i;
            }
        }

        return null;
    }

    private IEnumerable<(string Path, IReadOnlyList<int> Shape, DenseMatrix Values)> Slots(Optimizer optimizer)
    {
        Dictionary<Parameter, string> paths = NamedParameters.ToDictionary(named => named.Parameter, named => named.Path);
        return optimizer.Slots.Select(slot =>
        {
            Parameter parameter = optimizer.Parameters[slot.ParameterIndex];
            return ($"{paths[parameter]}/{slot.Name}", slot.Shape ?? parameter.Shape, slot.Values);
        });
    }

    private protected void Restore(Optimizer optimizer, TrainingState training)
    {
        optimizer.Iterations = training.Iterations;
        if (training.Slots.Count == 0)
        {
            // It has not trained yet, whatever it counts, or remembers nothing.
            return;
        }

        Context.BuildOptimizer(optimizer);
        (string Path, IReadOnlyList<int> Shape, DenseMatrix Values)[] slots = [.. Slots(optimizer)];
        if (slots.Length != training.Slots.Count)
        {
            throw new ModelFormatException(
                "training.slots",
                    string.Create(CultureInfo.InvariantCulture,
                        $"{optimizer.ClassName} needs {slots.Length} arrays for this model, but there are "
                        + $"{training.Slots.Count}."));
        }

        foreach ((StoredArray array, (string name, IReadOnlyList<int> shape, DenseMatrix values)) in training.Slots.Zip(slots))
        {
            if (array.Name != name || !array.Shape.SequenceEqual(shape))
            {
                throw new ModelFormatException(
                    array.Path, $"expected '{name}' of shape {NDArray.Describe(shape)}, but this is '{array.Name}' "
                        + $"of shape {NDArray.Describe(array.Shape)}.");
            }

            array.CopyTo(values.Values);
        }

        if (NegativeSlot(optimizer) is int negative)
        {
            StoredArray array = training.Slots[negative];
            throw new ModelFormatException(
                array.Path + ".data", $"'{array.Name}' holds a negative number, and {optimizer.ClassName} takes the root of it.");
        }
    }

    /// <summary>Says of parameters what a file does: whether they are trainable, and which ones the optimizer trains all the
    /// same.</summary>
    private protected void RestoreTrainable(IReadOnlyList<StoredArray> weights)
    {
        Parameter[] parameters = [.. AllParameters];
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i].Trainable = weights[i].Trainable ?? parameters[i].Trainable;
        }

        if (!weights.Any(array => array.Trained is not null))
        {
            return;
        }

        bool[] trainable = [.. parameters.Select(parameter => parameter.Trainable)];
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i].Trainable = weights[i].Trained ?? trainable[i];
        }

        Context.Forget();
        Context.Settle();
        _ = Runner;
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i].Trainable = trainable[i];
        }
    }

    private StoredArray Stored(
        string path, IReadOnlyList<int> shape, DenseMatrix values, bool? trainable = null, bool? trained = null)
    {
        foreach (Real value in values.Values)
        {
            if (!Real.IsFinite(value))
            {
                throw new InvalidOperationException(
                    $"'{path}' of model '{Name}' holds a number that is not finite: training has diverged, and such a model is "
                    + "not saved.");
            }
        }

        return new(path, shape, values.Values) { Trainable = trainable, Trained = trained };
    }
}
