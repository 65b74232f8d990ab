using System.Globalization;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>Finds the module of PyTorch for each part of a model: as it is told, by equal names, or by order and
/// shapes.</summary>
internal sealed class TorchMatcher
{
    // Parallel training puts this before every name.
    private const string Parallel = "module.";

    // What stands behind the name of a cell, where another recurrent module has the number of its layer.
    private const string Cell = "[cell]";

    private readonly TensorFile file;
    private readonly string root;
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly List<string> names;
    private readonly ILookup<string, string> ofModule;

    public TorchMatcher(TensorFile file)
    {
        this.file = file;
        names = [.. file.Tensors.Select(tensor => tensor.Name)];
        root = names.Count > 0 && names.TrueForAll(name => name.StartsWith(Parallel, StringComparison.Ordinal)) ? Parallel
            : string.Empty;
        ofModule = names.ToLookup(name => name[..(name.LastIndexOf('.') + 1)], StringComparer.Ordinal);
    }

    /// <summary>The tensors of each part.</summary>
    /// <param name="parts">The parts, in order.</param>
    /// <param name="map">Modules of some of them, by the names of layers; or null.</param>
    /// <param name="allowUnused">Whether tensors may be left over.</param>
    /// <exception cref="ArgumentException">The map names a layer that is not there.</exception>
    /// <exception cref="ModelFormatException">A part finds no module, or a tensor no part.</exception>
    public IReadOnlyList<(TorchPart Part, TorchMatch Match, IReadOnlyList<string> Names)> Match(
        IReadOnlyList<TorchPart> parts, IReadOnlyDictionary<string, string>? map, bool allowUnused)
    {
        RequireNames(parts, map);
        var found = new (string Prefix, int? Layer)?[parts.Count];
        for (int i = 0; i < parts.Count; i++)
        {
            if (map?.GetValueOrDefault(parts[i].Name) is { } module)
            {
                found[i] = Told(parts[i], module);
            }
        }

        // Equal names before order, so that what has a name of its own is not taken for something of the same shape.
        for (int i = 0; i < parts.Count; i++)
        {
            if (found[i] is null && Place(root + parts[i].Name.Replace('/', '.'), 0) is var place && Fits(parts[i], place))
            {
                found[i] = Take(parts[i], place);
            }
        }

        for (int i = 0; i < parts.Count; i++)
        {
            found[i] ??= Take(parts[i], Places(parts[i]).Cast<(string, int?)?>()
                .FirstOrDefault(place => Fits(parts[i], place!.Value)) ?? throw NotFound(parts[i]));
        }

        if (!allowUnused && names.FirstOrDefault(name => !taken.Contains(name)) is not null)
        {
            throw Unused();
        }

        return [.. parts.Select((part, i) => (part,
            new TorchMatch(part.Name, Describe(part, found[i]!.Value), part.Kind, part.Note),
            part.NamesAt(found[i]!.Value.Prefix, found[i]!.Value.Layer)))];
    }

    /// <summary>Requires that a map names layers that there are.</summary>
    public static void RequireNames(IReadOnlyList<TorchPart> parts, IReadOnlyDictionary<string, string>? map)
    {
        string[] known = [.. parts.Select(part => part.Name)];
        if (map?.Keys.FirstOrDefault(name => !known.Contains(name)) is { } wrong)
        {
            throw new ArgumentException($"The map names '{wrong}', but no layer with weights is called so. "
                + $"{Spelling.DidYouMean(wrong, known)}They are {string.Join(", ", known)}.", nameof(map));
        }
    }

    private static (string Prefix, int? Layer) Place(string module, int? layer) =>
        (module.Length == 0 ? string.Empty : module + ".", layer);

    private string Describe(TorchPart part, (string Prefix, int? Layer) place) => place.Prefix.TrimEnd('.')
        + (place.Layer is null && part.IsNumbered ? Cell
            : place.Layer is { } layer && part.IsNumbered && (layer > 0 || HasLayers(place.Prefix))
            ? string.Create(CultureInfo.InvariantCulture, $"[{layer}]") : string.Empty);

    private bool HasLayers(string prefix) => ofModule[prefix].Any(name => name.Contains("_l1", StringComparison.Ordinal));

    /// <summary>The place that a map tells: <c>encoder.rnn</c>, <c>encoder.rnn[1]</c>.</summary>
    private (string Prefix, int? Layer) Told(TorchPart part, string module)
    {
        (string prefix, int? layer) = ReadPlace(module);
        (string, int?)[] places = [Place(prefix, layer), Place(root + prefix, layer)];
        foreach ((string, int?) place in places)
        {
            if (Fits(part, place))
            {
                return Take(part, place);
            }
        }

        string expected = string.Join(", ", part.Tensors.Select(tensor =>
            $"{Place(prefix, null).Prefix}{TorchPart.NameOf(tensor, layer)} {NDArray.Describe(tensor.Shape)}"));
        string[] there = [.. ofModule[Place(prefix, null).Prefix].Concat(ofModule[Place(root + prefix, null).Prefix]).Distinct()
            .Take(8).Select(name => $"{name} {NDArray.Describe(file.Find(name)!.Info.Shape)}")];
        throw new ModelFormatException(module, $"layer '{part.Name}' is a {part.Kind} of {expected}, but "
            + (there.Length == 0 ? $"the file has no tensors there. Its modules: {Modules()}."
                : $"the file has {string.Join(", ", there)}."));
    }

    /// <summary>A module and which layer of it: <c>rnn[1]</c>; none of a cell: <c>rnn[cell]</c>.</summary>
    public static (string Prefix, int? Layer) ReadPlace(string module)
    {
        int open = module.EndsWith(']') ? module.LastIndexOf('[') : -1;
        return open >= 0 && int.TryParse(module.AsSpan(open + 1, module.Length - open - 2), NumberStyles.None,
            CultureInfo.InvariantCulture, out int layer) ? (module[..open], layer)
            : module.EndsWith(Cell, StringComparison.Ordinal) ? (module[..^Cell.Length], null) : (module, 0);
    }

    /// <summary>Where modules like a part stand in the file, in its order.</summary>
    private IEnumerable<(string Prefix, int? Layer)> Places(TorchPart part)
    {
        string first = part.Tensors[0].Name;
        if (!part.IsNumbered)
        {
            return names.Where(name => name == first || name.EndsWith("." + first, StringComparison.Ordinal))
                .Select(name => (name[..^first.Length], (int?)null));
        }

        string stem = first[..first.IndexOf(TorchPart.Number, StringComparison.Ordinal)];
        return
            from name in names
            let start = name.LastIndexOf('.') + 1
            let own = name[start..]
            where own.StartsWith(stem, StringComparison.Ordinal)
            let end = own[stem.Length..]
            where end.Length == 0 || (end.StartsWith("_l", StringComparison.Ordinal)
                && int.TryParse(end.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            select (name[..start],
                end.Length == 0 ? null : (int?)int.Parse(end.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    /// <summary>Whether a module at a place has just the tensors of a part, none of which is taken.</summary>
    private bool Fits(TorchPart part, (string Prefix, int? Layer) place)
    {
        if (IsInside(place.Prefix))
        {
            return false;
        }

        IReadOnlyList<string> expected = part.NamesAt(place.Prefix, place.Layer);
        for (int i = 0; i < expected.Count; i++)
        {
            if (taken.Contains(expected[i]) || file.Find(expected[i]) is not { } tensor
                || !tensor.Info.Shape.SequenceEqual(part.Tensors[i].Shape))
            {
                return false;
            }
        }

        // Another layer of the same module is another part.
        string layer = place.Layer is { } number ? string.Create(CultureInfo.InvariantCulture, $"_l{number}") : string.Empty;
        return ofModule[place.Prefix].All(name => expected.Contains(name) || name == place.Prefix + part.Beside
            || (part.IsNumbered && !name.EndsWith(layer, StringComparison.Ordinal)
                && !name.EndsWith(layer + "_reverse", StringComparison.Ordinal)));
    }

    /// <summary>Whether a place is that of the projection inside MultiheadAttention, which is no module of its own.</summary>
    private bool IsInside(string prefix)
    {
        const string Inner = "out_proj.";
        return prefix.EndsWith(Inner, StringComparison.Ordinal)
            && (file.Contains(prefix[..^Inner.Length] + "in_proj_weight")
                || file.Contains(prefix[..^Inner.Length] + "q_proj_weight"));
    }

    private (string Prefix, int? Layer) Take(TorchPart part, (string Prefix, int? Layer) place)
    {
        taken.UnionWith(part.NamesAt(place.Prefix, place.Layer));
        if (part.Beside is not null)
        {
            taken.Add(place.Prefix + part.Beside);
        }

        return place;
    }

    private ModelFormatException NotFound(TorchPart part)
    {
        string expected = string.Join(", ", part.Tensors.Select(tensor =>
            $"{TorchPart.NameOf(tensor, 0)} {NDArray.Describe(tensor.Shape)}"));
        string[] left = [.. names.Where(name => !taken.Contains(name)).Take(8)
            .Select(name => $"{name} {NDArray.Describe(file.Find(name)!.Info.Shape)}")];
        return new("state_dict", $"the file has no module for layer '{part.Name}', a {part.Kind} of {expected}. "
            + (left.Length == 0 ? "All its tensors have gone to other layers." : $"Not taken: {string.Join(", ", left)}. Where "
                + "the model here is the same, say what goes where: map: new Dictionary<string, string> { [\"" + part.Name
                + "\"] = \"…\" }."));
    }

    private ModelFormatException Unused()
    {
        string[] left = [.. names.Where(name => !taken.Contains(name))];
        return new("state_dict", $"the model has no layer for {string.Join(", ", left.Take(8))}"
            + $"{(left.Length > 8 ? ", …" : string.Empty)}. Where they are not wanted: allowUnused: true.");
    }

    private string Modules() => string.Join(", ", ofModule.Select(module => module.Key.TrimEnd('.')).Distinct().Take(12));
}
