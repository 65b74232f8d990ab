using System.Globalization;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Models;

/// <summary>
/// Makes a model of what a document says of it. Parameters come to be in the order of weights, wherever their layers stand.
/// </summary>
internal sealed class ModelAssembly
{
    private readonly Dictionary<Layer, string> paths = new(ReferenceEqualityComparer.Instance);

    // What stands in several places of the document is made once.
    private readonly Dictionary<Architecture, Layer> models = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Layer> seeded = new(ReferenceEqualityComparer.Instance);
    private string path = string.Empty;
    private IReadOnlyList<long>? seeds;
    private int nextSeed;

    /// <summary>What a document is read with: models inside layers are made here while it is.</summary>
    /// <param name="limits">How large a model may be.</param>
    /// <param name="custom">Components of one's own that the document may name, or null.</param>
    public ReadContext ContextFor(ReadLimits limits, CustomObjects? custom) =>
        ReadContext.For(limits, custom) with { MakeModel = MakeInside };

    /// <summary>Makes the model.</summary>
    /// <param name="architecture">What a document says of it.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="source">Gives parameters their first values, and checks their sizes.</param>
    /// <param name="budget">The room that the document may ask for.</param>
    /// <param name="drawSeeds">What random draws of each layer follow from, in the order of the layers; null where the model's
    /// seed says it.</param>
    /// <exception cref="ModelFormatException">There can be no such model; the message says where the document says
    /// so.</exception>
    public Model Create(
        Architecture architecture, int seed, IParameterSource source, SizeBudget budget, IReadOnlyList<long>? drawSeeds = null)
    {
        seeds = drawSeeds;
        Model? model = null;
        try
        {
            model = architecture.Ends is { } ends ? Graph(architecture, ends, seed) : Row(architecture, seed, source);
            path = string.Empty;
            if (seeds is not null && nextSeed != seeds.Count)
            {
                throw WrongSeeds();
            }

            model.BuildGraph((ulong)seed, source);
            TakeStates(model, budget);
            if (architecture.Compile is { } settings)
            {
                path = settings.Path;
                Compile(model, settings);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or OverflowException
            or NotSupportedException)
        {
            if (path.Length == 0 && model?.BuiltLast is { } layer && !model.IsBuilt)
            {
                path = paths.GetValueOrDefault(layer, string.Empty);
            }

            throw new ModelFormatException(path, exception.Message, exception);
        }

        return model;
    }

    private static void Compile(Model model, CompileSettings settings) => model.Compile(
        settings.Optimizer,
        Losses(settings.Loss),
        Metrics(settings.Metrics),
        Metrics(settings.WeightedMetrics),
        settings.LossWeights is { } weights ? Weights(weights) : null);

    private static OutputLosses Losses(PerOutput<LossChoice?> losses)
    {
        if (losses.IsOne)
        {
            return losses.Items[0]!;
        }

        if (losses.Names is null)
        {
            return OutputLosses.Create([.. losses.Items]);
        }

        var named = new OutputLosses();
        for (int i = 0; i < losses.Names.Count; i++)
        {
            named[losses.Names[i]] = losses.Items[i];
        }

        return named;
    }

    private static OutputMetrics? Metrics(PerOutput<IReadOnlyList<MetricChoice>>? metrics)
    {
        if (metrics is null)
        {
            return null;
        }

        if (metrics.IsOne)
        {
            return metrics.Items[0].ToArray();
        }

        OutputMetrics[] all = [.. metrics.Items.Select(own => (OutputMetrics)own.ToArray())];
        if (metrics.Names is null)
        {
            return OutputMetrics.Create(all);
        }

        var named = new OutputMetrics();
        for (int i = 0; i < all.Length; i++)
        {
            named[metrics.Names[i]] = all[i];
        }

        return named;
    }

    private static OutputWeights Weights(PerOutput<double> weights)
    {
        if (weights.Names is null)
        {
            return weights.Items.ToArray();
        }

        var named = new OutputWeights();
        for (int i = 0; i < weights.Names.Count; i++)
        {
            named[weights.Names[i]] = weights.Items[i];
        }

        return named;
    }

    private Sequential Row(Architecture architecture, int seed, IParameterSource source)
    {
        // All of them are made before one is built, since they may share layers.
        Layer[] layers = [.. architecture.Layers.Select(LayerOf)];
        path = architecture.Path;
        var model = new Sequential(name: architecture.Name, seed: seed) { Trainable = architecture.Trainable };
        if (architecture.Input is { } input)
        {
            model.Add(input);
        }

        for (int i = 0; i < layers.Length; i++)
        {
            path = architecture.Layers[i].Path;
            model.Add(layers[i], source);
        }

        path = string.Empty;
        if (architecture is { InputShape: { } shape, Layers.Count: > 0 })
        {
            model.Build(shape, source);
        }

        return model;
    }

    /// <summary>A row inside another model: it is built when its turn comes.</summary>
    private Sequential OpenRow(Architecture architecture)
    {
        Layer[] layers = [.. architecture.Layers.Select(LayerOf)];
        path = architecture.Path;
        return new Sequential(architecture.Name, architecture.Input, layers, architecture.Trainable);
    }

    private Model Graph(Architecture architecture, GraphEnds ends, int seed)
    {
        var layers = new Dictionary<string, (LayerEntry Entry, Layer Layer, Symbols?[] Given)>(StringComparer.Ordinal);
        foreach (LayerEntry entry in architecture.Layers)
        {
            layers.Add(entry.Name,
                (entry, LayerOf(entry), new Symbols?[Math.Max(entry.Calls.Count, entry.Layer is Input ? 1 : 0)]));
        }

        foreach (LayerEntry entry in architecture.Layers.Where(entry => entry.Layer is Input))
        {
            layers[entry.Name].Given[0] = (Input)entry.Layer!;
        }

        foreach (LayerEntry entry in architecture.Layers)
        {
            for (int call = 0; call < entry.Calls.Count; call++)
            {
                Call(layers, entry.Name, call);
            }
        }

        path = architecture.Path;
        Symbols inputs = [.. ends.Inputs.Select(place => SymbolAt(layers, place))];
        Symbols outputs = [.. ends.Outputs.Select(place => SymbolAt(layers, place))];
        path = architecture.Path;
        var model = new Model(inputs, outputs, architecture.Name, seed, architecture.Trainable);
        RequireUsed(model, architecture, layers.Values.Select(each => each.Given));
        model.TakeMaskNames(architecture);
        return model;
    }

    /// <summary>Calls a layer, after all that it reads and after its calls before this one; a stack of its own, since graphs may
    /// be deep.</summary>
    private void Call(
        Dictionary<string, (LayerEntry Entry, Layer Layer, Symbols?[] Given)> layers, string name, int call)
    {
        var waiting = new Stack<(string Name, int Call)>([(name, call)]);
        var open = new HashSet<(string Name, int Call)>();
        while (waiting.TryPeek(out (string Name, int Call) next))
        {
            (LayerEntry entry, Layer layer, Symbols?[] given) = layers[next.Name];
            if (given[next.Call] is not null)
            {
                waiting.Pop();
                continue;
            }

            CallEntry uses = entry.Calls[next.Call];
            path = uses.Path;
            (string Name, int Call)[] missing =
            [
                .. uses.Inputs.Select(place => (Name: place.Layer, place.Call))
                    .Concat(next.Call > 0 ? [(next.Name, next.Call - 1)] : [])
                    .Where(each => layers[each.Name].Given[each.Call] is null),
            ];
            if (missing.Length == 0)
            {
                given[next.Call] = layer.Call([.. uses.Inputs.Select(place => SymbolAt(layers, place))]);
                given[next.Call]![0].Node.Words = uses.Words;
                open.Remove(next);
                waiting.Pop();
                continue;
            }

            if (!open.Add(next))
            {
                throw new ModelFormatException(uses.Path, $"'{next.Name}' reads what depends on it: "
                    + $"{string.Join(", ", missing.Select(each => $"'{each.Name}'").Distinct())}.");
            }

            Array.ForEach(missing, waiting.Push);
        }
    }

    private static Symbol SymbolAt(Dictionary<string, (LayerEntry Entry, Layer Layer, Symbols?[] Given)> layers,
        TensorPlace place)
    {
        Symbols given = layers[place.Layer].Given[place.Call]!;
        return place.Output < given.Count
            ? given[place.Output]
            : throw new ModelFormatException(place.Path, string.Create(CultureInfo.InvariantCulture,
                $"'{place.Layer}' gives {given.Count} {(given.Count == 1 ? "output" : "outputs")}, and this is output "
                + $"{place.Output}, counted from 0."));
    }

    private static void RequireUsed(Model model, Architecture architecture, IEnumerable<Symbols?[]> given)
    {
        var used = new HashSet<Node>(model.GraphCalls, ReferenceEqualityComparer.Instance);
        foreach ((LayerEntry entry, Symbols?[] own) in architecture.Layers.Zip(given))
        {
            for (int i = 0; i < own.Length; i++)
            {
                if (entry.Layer is not Input && !used.Contains(own[i]![0].Node))
                {
                    throw new ModelFormatException(entry.Calls[i].Path, $"no output depends on this use of '{entry.Name}'.");
                }
            }

            if (own.Length == 0)
            {
                throw new ModelFormatException(entry.Path, $"'{entry.Name}' is not used.");
            }

            if (entry.Layer is Input && architecture.Ends!.Inputs.All(place => place.Layer != entry.Name))
            {
                throw new ModelFormatException(entry.Path, $"'{entry.Name}' is not among the inputs of the model.");
            }
        }
    }

    private Layer LayerOf(LayerEntry entry)
    {
        Layer layer = entry.Layer ?? Open(entry.Model!);
        paths[layer] = entry.Path;
        if (layer is not Input)
        {
            TakeSeed(layer);
        }

        return layer;
    }

    /// <summary>A model inside another one or inside a layer: it is built when its turn comes.</summary>
    private Layer Open(Architecture architecture)
    {
        if (!models.TryGetValue(architecture, out Layer? model))
        {
            model = architecture.Ends is { } ends ? Graph(architecture, ends, seed: 0) : OpenRow(architecture);
            models.Add(architecture, model);
        }

        return model;
    }

    /// <summary>The same while a document is still being read.</summary>
    private Layer MakeInside(Architecture architecture)
    {
        try
        {
            return Open(architecture);
        }
        catch (Exception exception) when (
            exception is ArgumentException or InvalidOperationException or OverflowException or NotSupportedException)
        {
            throw new ModelFormatException(path, exception.Message, exception);
        }
    }

    /// <summary>Gives a layer its seed, and after it those of models inside it.</summary>
    private void TakeSeed(Layer layer)
    {
        if (seeds is null)
        {
            return;
        }

        foreach (Layer own in Model.WithSeeds(layer).Where(seeded.Add))
        {
            own.StoredSeed = nextSeed < seeds.Count ? (ulong)seeds[nextSeed++] : throw WrongSeeds();
        }
    }

    private ModelFormatException WrongSeeds() => new("seeds", FormattableString.Invariant(
        $"there are {seeds!.Count} seeds, but the layers are {(nextSeed < seeds.Count ? "fewer" : "more")}."));

    /// <summary>Counts the states of stateful layers.</summary>
    private static void TakeStates(Model model, SizeBudget budget)
    {
        foreach (Layer layer in model.Layers.Where(_ => model.IsBuilt))
        {
            if (layer is Model inner)
            {
                TakeStates(inner, budget);
            }
            else if (layer is IHasStates stateful)
            {
                budget.Take($"The state of {layer.Introduction}", stateful.StateSizes.Sum(size => (long)size));
            }
        }
    }
}
