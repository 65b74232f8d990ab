using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>A name that a pickle may use, and what calling it makes.</summary>
internal abstract record PickleName
{
    /// <summary>What a call makes.</summary>
    public abstract object Call(PickleCall call);
}

/// <summary>What something is called with.</summary>
/// <param name="Items">The arguments.</param>
/// <param name="Wrong">Makes the exception that says what is wrong.</param>
internal sealed record PickleCall(object?[] Items, Func<string, ModelFormatException> Wrong)
{
    /// <summary>An argument.</summary>
    /// <param name="place">Which, from 0 on.</param>
    /// <exception cref="ModelFormatException">There is none of that kind.</exception>
    public T Get<T>(int place) => place < Items.Length && Items[place] is T value ? value
        : throw Wrong("something is made of other arguments than it has");
}

/// <summary>A type of number: <c>torch.FloatStorage</c>, <c>torch.float32</c>.</summary>
/// <param name="Type">The type.</param>
internal sealed record PickleType(ElementType Type) : PickleName
{
    public override object Call(PickleCall call) => throw call.Wrong("a type of numbers is called");
}

/// <summary>What makes a dictionary, a list of axes, a tensor or a parameter.</summary>
/// <param name="Name">Its name in Python.</param>
internal sealed record PickleMaker(string Name) : PickleName
{
    public override object Call(PickleCall call) => Name switch
    {
        "OrderedDict" => Dictionary(call),
        "Size" => call.Get<PickleTuple>(0),
        "device" => Name,
        "_rebuild_parameter" => call.Get<PickleTensor>(0),
        _ => new PickleTensor(
            call.Get<PickleStorage>(0), call.Get<long>(1), call.Get<PickleTuple>(2), call.Get<PickleTuple>(3)),
    };

    /// <summary>Python 2 gives the pairs with the call.</summary>
    private static PickleDictionary Dictionary(PickleCall call)
    {
        var dictionary = new PickleDictionary();
        foreach (object? pair in call.Items.Length == 0 ? [] : call.Get<List<object?>>(0))
        {
            object?[] both = pair is List<object?> list ? [.. list] : (pair as PickleTuple)?.Items ?? [];
            dictionary[both is [string key, _] ? key : throw call.Wrong("a dictionary is made of no pairs")] = both[1];
        }

        return dictionary;
    }
}

/// <summary>A storage that a pickle speaks of.</summary>
/// <param name="Type">What its numbers are.</param>
/// <param name="Key">Its key in the file.</param>
/// <param name="Count">How many numbers the pickle says that it has.</param>
/// <param name="Offset">Where it begins in what it is a view of, in numbers.</param>
internal sealed record PickleStorage(ElementType Type, string Key, long Count, long Offset);

/// <summary>A tensor that a pickle speaks of, not checked yet.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, PickleTuple Shape, PickleTuple Strides);

/// <summary>The names that a pickle may use, those of tensors and of what holds them, and no others.</summary>
internal static class PickleNames
{
    /// <summary>Most letters of a name.</summary>
    public const int Longest = 200;

    /// <summary>Looks a name up.</summary>
    /// <param name="module">The module: <c>torch._utils</c>.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="wrong">Makes the exception.</param>
    /// <exception cref="ModelFormatException">It is none of those.</exception>
    public static PickleName Find(string module, string name, Func<string, ModelFormatException> wrong) => (module, name) switch
    {
        ("collections", "OrderedDict")
            or ("torch", "Size" or "device")
            or ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor" or "_rebuild_parameter") => new PickleMaker(name),
        ("torch", _) when TypeOf(name) is { } type => new PickleType(type),
        ("torch" or "torch.storage", "UntypedStorage") => new PickleType(ElementType.UInt8),
        _ => throw wrong($"it names {module}.{name}, which is not among what tensors need, and nothing that a file names is "
            + $"run here. {Advice(module)}"),
    };

    private static ElementType? TypeOf(string name) => name switch
    {
        "DoubleStorage" or "float64" => ElementType.Float64,
        "FloatStorage" or "float32" => ElementType.Float32,
        "HalfStorage" or "float16" => ElementType.Float16,
        "BFloat16Storage" or "bfloat16" => ElementType.BFloat16,
        "LongStorage" or "int64" => ElementType.Int64,
        "IntStorage" or "int32" => ElementType.Int32,
        "ShortStorage" or "int16" => ElementType.Int16,
        "CharStorage" or "int8" => ElementType.Int8,
        "ByteStorage" or "uint8" => ElementType.UInt8,
        "BoolStorage" or "bool" => ElementType.Bool,
        _ => null,
    };

    private static string Advice(string module) => module.StartsWith("torch.nn", StringComparison.Ordinal)
        || module is "__main__" || !module.StartsWith("torch", StringComparison.Ordinal)
        ? "A whole model was saved. In Python: torch.save(model.state_dict(), \"model.pt\")."
        : "In Python, save a state_dict of plain dense tensors on the CPU: torch.save(model.state_dict(), \"model.pt\").";
}
