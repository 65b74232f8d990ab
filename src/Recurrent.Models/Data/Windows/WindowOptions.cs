using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>What is done with values that are missing in the inputs of windows.</summary>
public enum MissingInputs
{
    /// <summary>They are refused: the message says where they are.</summary>
    Refuse,

    /// <summary>They become 0, and a variable <c>x_missing</c> for each one that is seen says where that was.</summary>
    Flag,

    /// <summary>Windows with missing inputs are left out.</summary>
    LeaveOut,
}

/// <summary>How windows are cut out of series.</summary>
/// <param name="Lookback">Number of steps that are seen; at least 1.</param>
/// <param name="Horizon">Number of steps to be forecast; at least 1.</param>
public sealed record WindowOptions(int Lookback, int Horizon = 1)
{
    /// <summary>From the beginning of a window to that of the next; at least 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Steps that are left out between what is seen and what is to be forecast; 0 by default.</summary>
    public int Shift { get; init; }

    /// <summary>From one step of a window to the next, among inputs and targets; at least 1.</summary>
    public int SamplingRate { get; init; } = 1;

    /// <summary>The variables to forecast; null for all that are not named elsewhere.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>Variables that are known up to the last step that is seen.</summary>
    public IReadOnlyList<string>? Past { get; init; }

    /// <summary>Variables that are known ahead, at the steps to be forecast too.</summary>
    public IReadOnlyList<string>? Future { get; init; }

    /// <summary>Attributes of the series of a panel: numbers as they are, a text as one feature for each text there is.</summary>
    public IReadOnlyList<string>? Static { get; init; }

    /// <summary>What is done with values that are missing in the inputs.</summary>
    public MissingInputs MissingInputs { get; init; }

    /// <summary>Whether the targets of a window are one row, (windows, horizon · targets), as <c>Dense</c> gives them, and not
    /// (windows, horizon, targets). A window then counts only if none of them is missing.</summary>
    public bool Flat { get; init; }

    /// <summary>Steps from the beginning of a window to its first target.</summary>
    internal long FirstTarget => ((long)Lookback * SamplingRate) + Shift;

    /// <summary>Steps from the beginning of a window to its last target.</summary>
    internal long LastTarget => FirstTarget + ((Horizon - 1L) * SamplingRate);

    /// <summary>The same with all targets named.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or a variable is not there.</exception>
    internal WindowOptions Resolve(IReadOnlyList<string> variables, IReadOnlyList<string> attributes)
    {
        string[] past = [.. Past ?? []];
        string[] future = [.. Future ?? []];
        string[] targets = [.. Targets ?? [.. variables.Where(name => !past.Contains(name) && !future.Contains(name))]];
        string[] all = [.. targets, .. past, .. future];
        string? unknown = all.FirstOrDefault(name => !variables.Contains(name));
        string? attribute = Static?.FirstOrDefault(name => !attributes.Contains(name));
        new OptionCheck(nameof(Windows))
            .Positive(nameof(Lookback), Lookback)
            .Positive(nameof(Horizon), Horizon)
            .Positive(nameof(Stride), Stride)
            .Positive(nameof(SamplingRate), SamplingRate)
            .Require(Shift >= 0, $"Shift must be at least 0, but is {Shift}", nameof(Shift))
            .Require(Enum.IsDefined(MissingInputs), $"MissingInputs must be one of its values, but is {MissingInputs}")
            .Require(
                unknown is null,
                $"there is no variable '{unknown}'. {Spelling.DidYouMean(unknown ?? string.Empty, variables)}There are "
                    + $"{string.Join(", ", variables)}")
            .Require(
                attribute is null, $"there is no attribute '{attribute}'. There are: {string.Join(", ", attributes)}",
                    nameof(Static))
            .Require(all.Distinct().Count() == all.Length, "a variable has two roles")
            .Require(targets.Length > 0, "no variable is left to forecast: all are covariates", nameof(Targets))
            .ThrowIfAny();
        return this with { Targets = targets, Past = past, Future = future, Static = [.. Static ?? []] };
    }
}
