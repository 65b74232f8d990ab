using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The learning rate <c>valuesᵢ</c> up to and with update <c>boundariesᵢ</c>, and the last value after the last
/// boundary.</summary>
public sealed class PiecewiseConstantDecay : LearningRateSchedule
{
    private readonly double[] boundaries;
    private readonly double[] values;

    /// <summary>Creates the schedule.</summary>
    /// <param name="boundaries">The updates with which the values end, ascending; at least one.</param>
    /// <param name="values">The learning rates, one more than boundaries.</param>
    /// <param name="name">Name of the schedule; default <c>PiecewiseConstant</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public PiecewiseConstantDecay(IReadOnlyList<double> boundaries, IReadOnlyList<double> values, string? name = null)
        : base(name ?? "PiecewiseConstant")
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(values);
        this.boundaries = [.. boundaries];
        this.values = [.. values];
        OptionCheck check = new OptionCheck(ClassName)
            .Require(boundaries.Count > 0, "boundaries must have at least one entry", "boundaries")
            .Require(
                values.Count == boundaries.Count + 1,
                $"values must have one entry more than boundaries, but has {values.Count} for {boundaries.Count} boundaries",
                "values")
            .Require(this.boundaries.Zip(this.boundaries.Skip(1)).All(b => b.First < b.Second),
                "boundaries must ascend", "boundaries");
        for (int i = 0; i < boundaries.Count; i++)
        {
            check.Finite($"boundaries[{i}]", boundaries[i]);
        }

        for (int i = 0; i < values.Count; i++)
        {
            check.AtLeast($"values[{i}]", values[i], 0);
        }

        check.ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "PiecewiseConstantDecay";

    /// <summary>The updates with which the values end.</summary>
    public IReadOnlyList<double> Boundaries => boundaries;

    /// <summary>The learning rates.</summary>
    public IReadOnlyList<double> Values => values;

    /// <inheritdoc/>
    public override double At(long step)
    {
        int piece = 0;
        while (piece < boundaries.Length && step > boundaries[piece])
        {
            piece++;
        }

        return values[piece];
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "boundaries", boundaries }, { "values", values }, { "name", Name } };
}
