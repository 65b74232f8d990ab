using Recurrent.Layers;

namespace Recurrent.Onnx.Import;

/// <summary>A value of a graph as an import knows it.</summary>
internal abstract record ImportValue;

/// <summary>Numbers that are known: weights, and what is computed of them.</summary>
/// <param name="Dims">Their shape.</param>
/// <param name="Floats">The numbers, or null.</param>
/// <param name="Integers">The numbers where they are whole, or null.</param>
internal sealed record KnownValue(long[] Dims, float[]? Floats, long[]? Integers) : ImportValue
{
    /// <summary>How many.</summary>
    public int Count => Floats?.Length ?? Integers!.Length;

    /// <summary>The one number, where there is but one.</summary>
    public double? Single => Count == 1 ? Floats is not null ? Floats[0] : Integers![0] : null;

    /// <summary>As floats.</summary>
    public float[] AsFloats() => Floats ?? Array.ConvertAll(Integers!, value => (float)value);
}

/// <summary>Whole numbers that depend on lengths of axes.</summary>
/// <param name="Items">Each of them; null where it is not known.</param>
/// <param name="IsScalar">Whether it is one number and no list.</param>
internal sealed record LengthsValue(Length?[] Items, bool IsScalar) : ImportValue;

/// <summary>One number over and over.</summary>
/// <param name="Number">The number.</param>
/// <param name="Dims">The shape, as far as it is known.</param>
internal sealed record FilledValue(double Number, Length?[] Dims) : ImportValue;

/// <summary>What a layer gives, with its axes in some order.</summary>
/// <param name="Source">What gives it.</param>
/// <param name="Dims">The axes of each dimension, none for one of length 1.</param>
internal sealed record View(Source Source, Atom[][] Dims) : ImportValue
{
    /// <summary>The axes of all dimensions.</summary>
    public IEnumerable<Atom> Leaves => Dims.SelectMany(LeavesOf);

    /// <summary>The axes of a dimension.</summary>
    public Atom[] Dim(int index) => [.. LeavesOf(Dims[index])];

    /// <summary>Axes as they have been parted since.</summary>
    public static IEnumerable<Atom> LeavesOf(IEnumerable<Atom> axes) => axes.SelectMany(axis => axis.Leaves);
}

/// <summary>What gives values: a layer that is there, or one that will be when its output is asked for.</summary>
internal abstract class Source
{
    /// <summary>The axes of a sample.</summary>
    public abstract IReadOnlyList<Atom> Axes { get; }

    /// <summary>The output.</summary>
    public abstract Symbol Symbol { get; }
}

/// <summary>A layer that is there.</summary>
internal sealed class LayerSource(Symbol symbol, IReadOnlyList<Atom> axes) : Source
{
    /// <inheritdoc/>
    public override IReadOnlyList<Atom> Axes => axes;

    /// <inheritdoc/>
    public override Symbol Symbol => symbol;

    /// <summary>What it gives at its last step, where a layer says so itself; null where none does.</summary>
    public Source? Last { get; init; }
}

/// <summary>The last step of a recurrent layer, of which no other is asked for.</summary>
internal sealed class LastStepSource(Symbol symbol, Atom time, Atom units, string output) : Source
{
    /// <inheritdoc/>
    public override IReadOnlyList<Atom> Axes => [time, units];

    /// <summary>The axis of time.</summary>
    public Atom Time => time;

    /// <summary>What stands at the last step.</summary>
    public LayerSource Last => new(symbol, [units]);

    /// <inheritdoc/>
    public override Symbol Symbol => throw AllSteps;

    /// <summary>All steps are needed.</summary>
    public RestartException AllSteps => new(output);
}

/// <summary>A layer that can still take the activation behind it.</summary>
internal class LazySource(IReadOnlyList<Atom> axes, Func<Activations.ActivationFunction?, Symbol> make) : Source
{
    private Symbol? symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<Atom> Axes => axes;

    /// <summary>Whether it is there already.</summary>
    public bool IsMade => symbol is not null;

    /// <inheritdoc/>
    public override Symbol Symbol => symbol ??= Make(null);

    /// <summary>Makes the layer with an activation.</summary>
    public virtual Symbol Make(Activations.ActivationFunction? activation) => make(activation);
}

/// <summary>Some of the features of another source.</summary>
internal sealed class PartSource(
    IReadOnlyList<Atom> axes, Source whole, int[] columns, Func<Activations.ActivationFunction?, Symbol> make)
        : LazySource(axes, make)
{
    /// <summary>The other source.</summary>
    public Source Whole => whole;

    /// <summary>Which features.</summary>
    public int[] Columns => columns;
}

/// <summary>The import has to begin anew, knowing more.</summary>
internal sealed class RestartException : Exception
{
    /// <summary>An axis is that of the samples.</summary>
    public RestartException(Atom axis) => Axis = axis;

    /// <summary>All steps of a recurrent layer are needed.</summary>
    public RestartException(string output) => Output = output;

    /// <summary>The axis of the samples.</summary>
    public Atom? Axis { get; }

    /// <summary>The sequence of which all steps are needed.</summary>
    public string? Output { get; }
}
