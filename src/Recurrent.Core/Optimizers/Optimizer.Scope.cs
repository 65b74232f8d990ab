using System.Text.RegularExpressions;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <content>What holds for some parameters and not for others: learning rates, and weight decay.</content>
public abstract partial class Optimizer
{
    private readonly HashSet<Parameter> undecayed = new(ReferenceEqualityComparer.Instance);
    private string[] paths = [];
    private Real[] decays = [];
    private Real[] multipliers = [];

    /// <summary>Patterns of the parameters that weight decay leaves alone.</summary>
    public IReadOnlyList<string> ExcludedFromWeightDecay => Options.ExcludedFromWeightDecay;

    /// <summary>Multipliers of the learning rate by pattern, in the order in which they were set.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> LearningRateMultipliers => Options.LearningRateMultipliers;

    /// <summary>Leaves parameters out of the weight decay: those in whose path below the model, such as
    /// <c>dense/bias</c> or <c>lstm/lstm_cell/kernel</c>, one of the patterns is found.</summary>
    /// <param name="varNames">Regular expressions, as in Keras: <c>"bias"</c> leaves out every bias.</param>
    /// <returns>This optimizer: <c>new AdamW(1e-3).ExcludeFromWeightDecay("bias", "norm")</c>.</returns>
    /// <exception cref="ArgumentException">There is no pattern, or one is no regular expression.</exception>
    /// <exception cref="InvalidOperationException">The optimizer trains already.</exception>
    public Optimizer ExcludeFromWeightDecay(params string[] varNames)
    {
        ArgumentNullException.ThrowIfNull(varNames);
        RequireNotBuilt(nameof(ExcludeFromWeightDecay));
        var check = new OptionCheck($"{ClassName}.{nameof(ExcludeFromWeightDecay)}");
        check.Require(varNames.Length > 0, "no pattern is given", nameof(varNames));
        foreach (string name in varNames)
        {
            check.Require(ParameterPatterns.Problem(name) is null, ParameterPatterns.Problem(name)!, nameof(varNames));
        }

        check.ThrowIfAny();
        Options = Options with { ExcludedFromWeightDecay = [.. ExcludedFromWeightDecay.Union(varNames)] };
        return this;
    }

    /// <summary>Leaves parameters out of the weight decay.</summary>
    /// <param name="varList">The parameters.</param>
    /// <param name="varNames">Regular expressions for the paths of more of them; null for none.</param>
    /// <returns>This optimizer.</returns>
    /// <exception cref="InvalidOperationException">The optimizer trains already.</exception>
    public Optimizer ExcludeFromWeightDecay(IEnumerable<Parameter> varList, IEnumerable<string>? varNames = null)
    {
        ArgumentNullException.ThrowIfNull(varList);
        RequireNotBuilt(nameof(ExcludeFromWeightDecay));
        undecayed.UnionWith(varList);
        return varNames?.ToArray() is { Length: > 0 } names ? ExcludeFromWeightDecay(names) : this;
    }

    /// <summary>Multiplies the learning rate of some layers or parameters, and with it their weight decay.</summary>
    /// <param name="pattern">
    /// A regular expression for whole parts of paths below the model: <c>"lstm"</c> is the layer of that name,
    /// <c>"encoder/.*"</c> everything in a model <c>encoder</c>, <c>"dense/bias"</c> one parameter, <c>"bias"</c> every bias.
    /// Where several match, the one that was set last counts.
    /// </param>
    /// <param name="multiplier">The multiplier, at least 0: 0.1 for a tenth of the rate, 0 to leave it as it is.</param>
    /// <returns>This optimizer: <c>new Adam(1e-3).SetLearningRateMultiplier("embedding", 0.1)</c>.</returns>
    /// <exception cref="ArgumentException">The pattern is no regular expression or has a multiplier already, or the multiplier is
    /// negative or no finite number.</exception>
    /// <exception cref="InvalidOperationException">The optimizer trains already.</exception>
    public Optimizer SetLearningRateMultiplier(string pattern, double multiplier)
    {
        RequireNotBuilt(nameof(SetLearningRateMultiplier));
        new OptionCheck($"{ClassName}.{nameof(SetLearningRateMultiplier)}")
            .Require(ParameterPatterns.Problem(pattern) is null, ParameterPatterns.Problem(pattern)!, nameof(pattern))
            .Require(LearningRateMultipliers.All(each => each.Key != pattern),
                $"'{pattern}' has a multiplier already, and can have one only", nameof(pattern))
            .AtLeast(nameof(multiplier), multiplier, 0)
            .InRange(nameof(multiplier), multiplier)
            .ThrowIfAny();
        Options = Options with { LearningRateMultipliers = [.. LearningRateMultipliers, new(pattern, multiplier)] };
        return this;
    }

    /// <summary>The weight decay of a parameter before exclusions; <see cref="WeightDecay"/> unless an algorithm has
    /// others.</summary>
    /// <param name="index">Which one, in the order of <see cref="Build(IReadOnlyList{Parameter})"/>.</param>
    private protected virtual double? DecayOf(int index) => WeightDecay;

    /// <summary>The path of a parameter below the model: <c>lstm/kernel</c>; where none was told, its name.</summary>
    private protected string PathOf(int index) => paths[index];

    /// <summary>What of the patterns matches none of the parameters: what is likely misspelt.</summary>
    internal IEnumerable<string> PatternsWithoutParameter =>
        ExcludedFromWeightDecay.Where(pattern => !Array.Exists(paths, ParameterPatterns.Anywhere(pattern).IsMatch))
            .Concat(LearningRateMultipliers.Select(each => each.Key)
                .Where(pattern => !Array.Exists(paths, ParameterPatterns.WholeParts(pattern).IsMatch)));

    /// <summary>The paths of the parameters; none before the optimizer is built.</summary>
    internal IReadOnlyList<string> Paths => paths;

    private void Scope(IReadOnlyList<string> paths)
    {
        this.paths = [.. paths];
        int count = parameters!.Length;
        Regex[] excluded = [.. ExcludedFromWeightDecay.Select(ParameterPatterns.Anywhere)];
        (Regex Pattern, Real Multiplier)[] multiplied = [.. LearningRateMultipliers.Select(each =>
            (ParameterPatterns.WholeParts(each.Key), (Real)each.Value))];
        multipliers = new Real[count];
        decays = new Real[count];
        for (int i = 0; i < count; i++)
        {
            multipliers[i] = 1;
            foreach ((Regex pattern, Real multiplier) in multiplied)
            {
                multipliers[i] = pattern.IsMatch(paths[i]) ? multiplier : multipliers[i];
            }

            bool decays = !undecayed.Contains(parameters[i]) && !Array.Exists(excluded, pattern => pattern.IsMatch(paths[i]));
            this.decays[i] = decays ? (Real)(DecayOf(i) ?? 0) : 0;
        }

        // So that a file says it too.
        string[] known = [.. Enumerable.Range(0, count).Where(i => undecayed.Contains(parameters[i]))
            .Select(i => $"^{Regex.Escape(paths[i])}$")];
        Options = Options with { ExcludedFromWeightDecay = [.. ExcludedFromWeightDecay.Union(known)] };
    }

    private void RequireNotBuilt(string method)
    {
        if (IsBuilt)
        {
            throw new InvalidOperationException(
                $"{method} comes before training: this {ClassName} remembers what it has seen of its parameters. Call it before "
                + "Fit, or on Fresh().");
        }
    }
}
