using System.Globalization;

namespace Recurrent.Selection;

/// <summary>What a function that judges candidates is given: the candidate, and what makes the trial repeatable.</summary>
public sealed class Trial
{
    private readonly Dictionary<string, double> figures = new(StringComparer.Ordinal);

    internal Trial(int number, Candidate candidate, int seed, int? budget, int threads, CancellationToken cancellation)
    {
        Number = number;
        Candidate = candidate;
        Seed = seed;
        Budget = budget;
        Threads = threads;
        Cancellation = cancellation;
    }

    /// <summary>Number of the trial, from 0.</summary>
    public int Number { get; }

    /// <summary>The candidate.</summary>
    public Candidate Candidate { get; }

    /// <summary>A seed that follows from that of the search and from the candidate's number: the same for any number of
    /// workers.</summary>
    public int Seed { get; }

    /// <summary>How much is to be spent, such as epochs, where the search says so (<see cref="SuccessiveHalving"/>); else
    /// null.</summary>
    public int? Budget { get; }

    /// <summary>How many threads the trial may use beside the other workers: for
    /// <see cref="Recurrent.Models.Model.MaxDegreeOfParallelism"/>.</summary>
    public int Threads { get; }

    /// <summary>Is cancelled when the search is.</summary>
    public CancellationToken Cancellation { get; }

    internal IReadOnlyDictionary<string, double> Figures => figures;

    /// <inheritdoc cref="Candidate.Integer"/>
    public int Integer(string name) => Candidate.Integer(name);

    /// <inheritdoc cref="Candidate.Real"/>
    public double Real(string name) => Candidate.Real(name);

    /// <inheritdoc cref="Candidate.Choice(string)"/>
    public string Choice(string name) => Candidate.Choice(name);

    /// <inheritdoc cref="Candidate.Choice{T}(string)"/>
    public T Choice<T>(string name) => Candidate.Choice<T>(name);

    /// <inheritdoc cref="Candidate.Switch"/>
    public bool Switch(string name) => Candidate.Switch(name);

    /// <inheritdoc cref="Candidate.Has"/>
    public bool Has(string name) => Candidate.Has(name);

    /// <summary>Keeps a further figure, such as the number of weights, for the table of results.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; one that is not finite is left out.</param>
    public void Report(string name, double value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (double.IsFinite(value))
        {
            figures[name] = value;
        }
    }
}

/// <summary>What came of one trial.</summary>
/// <param name="Number">Number of the trial, from 0.</param>
/// <param name="Candidate">The candidate.</param>
/// <param name="Budget">What was spent, where the search says how much; else null.</param>
/// <param name="Value">What the objective gave; NaN where the trial failed.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Figures">What the trial reported beside its value.</param>
public sealed record TrialResult(int Number, Candidate Candidate, int? Budget, double Value, string? Problem, double Seconds,
    IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>Whether there is no value.</summary>
    public bool Failed => Problem is not null;

    /// <summary>Number of the candidate whose trial it is; where one is tried with several budgets, that of the first.</summary>
    internal int Origin { get; init; } = Number;

    /// <summary>The trial in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"trial {Number}: {Candidate}{(Budget is { } budget ? $", budget {budget}" : string.Empty)} → ")
        + (Problem ?? Value.ToString("G6", CultureInfo.InvariantCulture));
}

/// <summary>What one trial gives, wherever it ran.</summary>
/// <param name="Value">What the objective gave; NaN where it failed.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Figures">What the trial reported beside its value.</param>
public sealed record TrialOutcome(double Value, string? Problem, double Seconds, IReadOnlyDictionary<string, double> Figures);

/// <summary>Runs the trials of a search that do not wait for one another: on threads, or on several machines.</summary>
public interface ITrialRunner
{
    /// <summary>How many trials run at the same time where nothing else is said.</summary>
    int Workers { get; }

    /// <summary>Whether this process writes the log; of several that share the trials, one does.</summary>
    bool WritesLog { get; }

    /// <summary>Runs trials.</summary>
    /// <param name="count">Number of trials.</param>
    /// <param name="workers">Most trials at a time in this process.</param>
    /// <param name="trial">Runs one, by its place; it does not fail.</param>
    /// <param name="done">Takes what came of one, in any order but never two at once; false where no further one is to be
    /// begun.</param>
    void Run(int count, int workers, Func<int, TrialOutcome> trial, Func<int, TrialOutcome, bool> done);
}
