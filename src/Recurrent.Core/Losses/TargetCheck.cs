using System.Globalization;
namespace Recurrent.Losses;

/// <summary>What targets can be checked for before training. A message names the row of the targets, what it holds, and what it
/// should.</summary>
internal static class TargetCheck
{
    /// <summary>Requires finite numbers.</summary>
    /// <param name="loss">Class name of the loss.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="targetRows">Entries of one row.</param>
    public static void Finite(string loss, ReadOnlySpan<Real> targets, int targetRows)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (!Real.IsFinite(targets[i]))
            {
                throw Wrong(loss, i / targetRows, targets[i],
                    "Targets must be finite numbers: leave such samples out, or fill the gaps");
            }
        }
    }

    /// <summary>Requires numbers in [0, 1].</summary>
    /// <param name="loss">Class name of the loss.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="targetRows">Entries of one row.</param>
    public static void Probabilities(string loss, ReadOnlySpan<Real> targets, int targetRows)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (!(targets[i] >= 0 && targets[i] <= 1))
            {
                throw Wrong(loss, i / targetRows, targets[i], "Its targets are probabilities, from 0 to 1");
            }
        }
    }

    /// <summary>Requires finite numbers of at least 0.</summary>
    /// <param name="loss">Class name of the loss.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="targetRows">Entries of one row.</param>
    public static void Counts(string loss, ReadOnlySpan<Real> targets, int targetRows)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (!(targets[i] >= 0 && Real.IsFinite(targets[i])))
            {
                throw Wrong(loss, i / targetRows, targets[i], "Its targets are counts, from 0 on");
            }
        }
    }

    /// <summary>Requires −1, 0 or 1.</summary>
    /// <param name="loss">Class name of the loss.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="targetRows">Entries of one row.</param>
    public static void HingeLabels(string loss, ReadOnlySpan<Real> targets, int targetRows)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] is not (-1 or 0 or 1))
            {
                throw Wrong(loss, i / targetRows, targets[i], "Its labels are -1 and 1, or 0 and 1");
            }
        }
    }

    /// <summary>Requires a class index for each column.</summary>
    /// <param name="loss">Class name of the loss.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="targetRows">Entries of one row, which must be 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="ignored">A label that is allowed besides, or null.</param>
    public static void ClassIndices(string loss, ReadOnlySpan<Real> targets, int targetRows, int classes, int? ignored)
    {
        if (targetRows != 1)
        {
            throw new ArgumentException(
                $"{loss} expects one class index in each row of the targets, but a row has {targetRows} entries. For one-hot "
                + "targets use CategoricalCrossentropy.");
        }

        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] != ignored)
            {
                ClassIndex(loss, i, targets[i], classes);
            }
        }
    }

    /// <summary>Requires one class index.</summary>
    /// <param name="loss">Class name of the loss.</param>
    /// <param name="row">Where it stands.</param>
    /// <param name="target">The index as a number.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>The index.</returns>
    public static int ClassIndex(string loss, int row, Real target, int classes)
    {
        if (target != RealMath.Floor(target) || !Real.IsFinite(target))
        {
            throw Wrong(
                loss, row, target, $"Its targets are class indices, whole numbers from 0 to {classes - 1}; for probabilities "
                    + "use CategoricalCrossentropy");
        }

        if (target < 0 || target >= classes)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{loss}: row {row} of the targets holds class {target}, but the model has {classes} outputs, for the classes "
                + $"0 to {classes - 1}. Mend the label, or give the last layer one unit for each class."));
        }

        return (int)target;
    }

    private static ArgumentException Wrong(string loss, int row, Real target, string expected) =>
        new(FormattableString.Invariant($"{loss}: row {row} of the targets holds {target}. {expected}."));
}
