using System.Reflection;
using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests;

/// <summary>Layers by their class names, as their constructors have them: with defaults, and with each option set.</summary>
internal static class AnyLayer
{
    /// <summary>A layer of that name: defaults, and something that fits where there are none.</summary>
    public static Layer Create(string name) => Create(Constructor(name), option: null, value: null);

    /// <summary>The layer with one option after the other at another value than its default, where one of the values that
    /// are tried is allowed beside the others.</summary>
    public static IEnumerable<(string Option, Layer Layer)> WithEachOption(string name)
    {
        ConstructorInfo constructor = Constructor(name);
        foreach (ParameterInfo option in constructor.GetParameters().Where(each => each.HasDefaultValue))
        {
            Layer? layer = OtherValues(option).Select(value => Allowed(constructor, option, value))
                .FirstOrDefault(each => each is not null);
            if (layer is not null)
            {
                yield return (option.Name!, layer);
            }
        }
    }

    /// <summary>The options that the layer takes none of the tried values for, so that they are passed over.</summary>
    public static IEnumerable<string> PassedOver(string name) => Constructor(name).GetParameters()
        .Where(each => each.HasDefaultValue).Select(each => each.Name!)
        .Except(WithEachOption(name).Select(each => each.Option), StringComparer.Ordinal);

    private static Layer? Allowed(ConstructorInfo constructor, ParameterInfo option, object value)
    {
        try
        {
            return Create(constructor, option, value);
        }
        catch (TargetInvocationException refused) when (refused.InnerException is ArgumentException)
        {
            return null;
        }
    }

    private static Layer Create(ConstructorInfo constructor, ParameterInfo? option, object? value) =>
        (Layer)constructor.Invoke([.. constructor.GetParameters().Select(each => each == option ? value : Argument(each))]);

    private static ConstructorInfo Constructor(string name) => typeof(Layer).Assembly.GetTypes()
        .Single(each => each.Name == name && typeof(Layer).IsAssignableFrom(each))
        .GetConstructors().OrderByDescending(each => each.GetParameters().Length).First();

    private static object? Argument(ParameterInfo parameter) => parameter switch
    {
        { Name: "numBins" } => 2, // Discretization wants these, or their boundaries.
        { HasDefaultValue: true } => parameter.DefaultValue,
        { ParameterType: var type } when type == typeof(int) => 2,
        { ParameterType: var type } when type == typeof(double) => 0.25,
        { ParameterType: var type } when type == typeof(Layer) => new Dense(2),
        { ParameterType: var type } when type == typeof(RecurrentLayer) => new GRU(2, returnSequences: true),
        { ParameterType: var type } when type == typeof(RecurrentCell) => new GRUCell(2),
        { ParameterType: var type } when type == typeof(Shape) => new Shape(4, 3),
        { ParameterType: var type } when type == typeof((int, int)) => (1, 1),
        { ParameterType: var type } when type == typeof(IReadOnlyList<int>) => (int[])[1],
        { ParameterType: var type } when type == typeof(IReadOnlyList<string>) => (string[])["a", "b"],
        { ParameterType: var type, Name: "equation" } when type == typeof(string) => "ab,bc->ac",
        { ParameterType: var type } when type == typeof(string) => "tanh",
        { ParameterType: var type } when type == typeof(IReadOnlyList<int?>) => (int?[])[2],
        { ParameterType: var type } => FromText(type, "tanh"),
    };

    /// <summary>Values that the option might have beside its default; the first one that is allowed is taken.</summary>
    private static IEnumerable<object> OtherValues(ParameterInfo option)
    {
        Type type = Nullable.GetUnderlyingType(option.ParameterType) ?? option.ParameterType;
        object?[] values = type switch
        {
            _ when type == typeof(bool) => [true, false],
            _ when type == typeof(int) => [3, 2, 1, 4, 0, -1],
            _ when type == typeof(double) => [0.25, 0.5, 2.0, 100.0, 0.0],
            _ when type == typeof(string) =>
            [
                "other", "same", "causal", "channels_first", "sum", "count", "exponential", "none", "floormod", "farmhash", "bio",
                "one_hot", "dot", "concat", "reset", "replace", "nearest", "magnitude", "spectrum", "reflect", "slaney", "a",
            ],
            { IsEnum: true } => [.. Enum.GetValues(type).Cast<object>()],
            _ when type == typeof(IReadOnlyList<string>) => [(string[])["c", "d"]],
            _ when type == typeof(IReadOnlyList<long>) => [(long[])[5, 7]],
            _ when type == typeof(IReadOnlyList<double>) => [(double[])[0.5, 1.5]],
            _ when type == typeof(IReadOnlyList<int>) => [(int[])[2], (int[])[1]],
            _ when type == typeof(IReadOnlyList<int?>) => [(int?[])[null, 1, null], (int?[])[null, 1]],
            _ => [.. ((string[])["softsign", "lecun_normal", "l2", "non_neg"]).Select(text => FromText(type, text))],
        };
        return values.OfType<object>().Where(value => !value.Equals(option.DefaultValue));
    }

    /// <summary>What a type makes of a name, as in <c>activation: "tanh"</c>; null where it makes nothing of it.</summary>
    private static object? FromText(Type type, string text)
    {
        try
        {
            return type.GetMethods().FirstOrDefault(each =>
                each.Name == "op_Implicit" && each.GetParameters()[0].ParameterType == typeof(string))?.Invoke(null, [text]);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }
}
