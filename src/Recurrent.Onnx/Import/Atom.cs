using System.Globalization;

namespace Recurrent.Onnx.Import;

/// <summary>
/// An axis of what flows through a graph. However a graph transposes, joins and parts axes, it is the same ones that come out:
/// so an import knows at any place which axis is that of the batch, of time or of features.
/// </summary>
/// <param name="length">Its length; null where it is open.</param>
/// <param name="name">What it is called in messages.</param>
internal sealed class Atom(int? length, string name)
{
    private Atom[]? parts;

    /// <summary>Its length; null where it is open.</summary>
    public int? Length { get; private set; } = length;

    /// <summary>The axes that it falls into, itself where it does not.</summary>
    public IEnumerable<Atom> Leaves => parts is null ? [this] : parts.SelectMany(part => part.Leaves);

    /// <summary>Makes two axes of it, which stay its parts.</summary>
    /// <param name="first">The length of the first, which divides its own.</param>
    public void Split(int first) =>
        parts = [new Atom(first, $"{name}.0"), new Atom(Length!.Value / first, $"{name}.1")];

    /// <summary>Says which axes it consists of.</summary>
    public void FallInto(Atom[] axes) => parts = axes;

    /// <summary>Learns its length.</summary>
    public void Fix(int known) => Length = known;

    /// <summary>Another axis of the same length.</summary>
    public Atom Copy() => new(Length, $"{name}'");

    /// <inheritdoc/>
    public override string ToString() =>
        Length is int known ? string.Create(CultureInfo.InvariantCulture, $"{name}={known}") : name;
}

/// <summary>A number of places: a factor times the lengths of axes that are open.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Open">The axes.</param>
internal readonly record struct Length(long Factor, Atom[] Open)
{
    /// <summary>The number, where no axis is open.</summary>
    public long? Number => Open.Length == 0 ? Factor : null;

    /// <summary>A number.</summary>
    public static Length Of(long number) => new(number, []);

    /// <summary>The places of some axes together.</summary>
    public static Length Of(IEnumerable<Atom> axes)
    {
        long factor = 1;
        var open = new List<Atom>();
        foreach (Atom leaf in axes.SelectMany(axis => axis.Leaves))
        {
            if (leaf.Length is int known)
            {
                factor = checked(factor * known);
            }
            else
            {
                open.Add(leaf);
            }
        }

        return new(factor, [.. open]);
    }

    /// <summary>The product.</summary>
    public Length Times(Length other) => new(checked(Factor * other.Factor), [.. Open, .. other.Open]);

    /// <summary>The quotient, where it is a number of places.</summary>
    public Length? Over(Length other)
    {
        if (other.Factor == 0)
        {
            return null;
        }

        List<Atom> left = [.. Open];
        foreach (Atom axis in other.Open)
        {
            if (!left.Remove(axis))
            {
                return null;
            }
        }

        // As ONNX divides integers.
        return left.Count == 0 || Factor % other.Factor == 0 ? new(Factor / other.Factor, [.. left]) : null;
    }

    /// <summary>Whether both are the same.</summary>
    public bool Is(Length other) => Over(other) is { Factor: 1, Open.Length: 0 } && Factor == other.Factor;
}
