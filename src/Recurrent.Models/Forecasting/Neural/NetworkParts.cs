using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Forecasting;

/// <summary>Inputs of a forecasting network, and what many networks begin and end with.</summary>
internal sealed class NetworkParts
{
    // Of the order of the loss for weights that repeat what was seen, and nothing for those that correct it.
    private const double AutoregressionPenalty = 1e-3;

    private readonly NetworkSizes sizes;
    private readonly List<Symbol> inputs = [];

    /// <summary>Makes the inputs.</summary>
    /// <param name="sizes">What goes in and must come out.</param>
    /// <param name="channel">Whether the network reads which variable or series a sample is of.</param>
    /// <param name="summary">Whether it reads what windows were before they were scaled.</param>
    public NetworkParts(NetworkSizes sizes, bool channel = false, bool summary = false)
    {
        this.sizes = sizes;
        Past = Input((sizes.Lookback, sizes.PastFeatures), "past");
        Future = sizes.FutureFeatures > 0 ? Input((sizes.Horizon, sizes.FutureFeatures), "future") : null;
        Static = sizes.StaticFeatures > 0 ? Input(sizes.StaticFeatures, "static") : null;
        Channel = channel ? Input(1, "channel") : null;
        Summary = summary ? Input(sizes.Targets * SummarySource.Features, "summary") : null;
    }

    /// <summary>(look-back, features).</summary>
    public Symbol Past { get; }

    /// <summary>(horizon, features), or null.</summary>
    public Symbol? Future { get; }

    /// <summary>(features), or null.</summary>
    public Symbol? Static { get; }

    /// <summary>(1), or null.</summary>
    public Symbol? Channel { get; }

    /// <summary>(features), or null.</summary>
    public Symbol? Summary { get; }

    /// <summary>Whether there are windows enough to learn a weight for each step of the look-back.</summary>
    public bool HasManyWindows => sizes.Windows >= 1000;

    /// <summary>Number of outputs in all.</summary>
    public int Numbers => sizes.Horizon * sizes.Targets * sizes.Levels;

    /// <summary>One more input, behind the others.</summary>
    /// <param name="shape">Shape of a sample.</param>
    /// <param name="name">Its name.</param>
    public Symbol AddInput(Shape shape, string name) => Input(shape, name);

    /// <summary>The network of these inputs.</summary>
    /// <param name="output">What it gives: as many numbers as it must.</param>
    /// <param name="name">Its name.</param>
    public Model Network(Symbol output, string name) => new(
        Symbols.Create([.. inputs]),
        new Reshape([sizes.Horizon * sizes.Targets, sizes.Levels], name: "forecast").Call(output),
        name,
        sizes.Seed);

    /// <summary>The past with the static features beside it at every step: what they are for may depend on what is
    /// seen.</summary>
    public Symbol PastWithStatic() => Static is null
        ? Past
        : new Concatenate(name: "past_with_static").Call(
            Past, new RepeatVector(sizes.Lookback, name: "static_of_each").Call(Static));

    /// <summary>Features with the static ones and, flat, the future covariates beside them.</summary>
    public Symbol WithContext(Symbol features)
    {
        List<Symbol> all = [features];
        if (Static is not null)
        {
            all.Add(Static);
        }

        if (Future is not null)
        {
            all.Add(new Flatten(name: "future_flat").Call(Future));
        }

        return all.Count == 1 ? features : new Concatenate(name: "context").Call(Symbols.Create([.. all]));
    }

    /// <summary>The target of a sample that has one, (look-back), and the other features of the past, (features, look-back), or
    /// null.</summary>
    public (Symbol Target, Symbol? Others) SplitPast()
    {
        if (sizes.PastFeatures == 1)
        {
            return (new Reshape([sizes.Lookback], name: "target").Call(Past), null);
        }

        Symbol rows = new Permute([2, 1], name: "rows").Call(Past);
        Symbol target = new Reshape([sizes.Lookback], name: "target").Call(
            new Cropping1D((0, sizes.PastFeatures - 1), name: "target_row").Call(rows));
        return (target, new Cropping1D((1, 0), name: "other_rows").Call(rows));
    }

    /// <summary>A forecast with a linear one of the whole look-back beside it, as an autoregression: what is linear need not be
    /// remembered step by step (Lai et al., "Modeling long- and short-term temporal patterns", 2018: LSTNet).</summary>
    /// <param name="forecast">As many numbers as the network gives.</param>
    public Symbol WithAutoregression(Symbol forecast)
    {
        int steps = sizes.Horizon * sizes.Targets;
        Symbol seen = new Flatten(name: "past_flat").Call(Past);
        Symbol linear = new Dense(
            steps, useBias: false, kernelInitializer: "zeros", kernelRegularizer: new L2(AutoregressionPenalty),
            name: "autoregression").Call(seen);

        // It moves all quantiles of a step alike.
        return new Add(name: "with_autoregression").Call(
            new Reshape([steps, sizes.Levels], name: "numbers").Call(forecast),
            new Reshape([steps, 1], name: "shift").Call(linear));
    }

    /// <summary>A forecast with what covariates add to it, each through weights of its own.</summary>
    /// <param name="forecast">(horizon · levels).</param>
    /// <param name="others">Features of the past beside the target, or null.</param>
    public Symbol WithLinearCovariates(Symbol forecast, Symbol? others)
    {
        List<Symbol> parts = [forecast];
        if (others is not null)
        {
            parts.Add(Dense(Numbers, "past_covariates").Call(new Flatten(name: "others_flat").Call(others)));
        }

        if (Static is not null)
        {
            parts.Add(Dense(Numbers, "static_features").Call(Static));
        }

        if (Future is not null)
        {
            // The same weights at each step: what a covariate does does not depend on how far ahead it is.
            Symbol each = Dense(sizes.Levels, "future_covariates").Call(Future);
            parts.Add(new Reshape([Numbers], name: "future_steps").Call(each));
        }

        return parts.Count == 1 ? forecast : new Add(name: "sum").Call(Symbols.Create([.. parts]));

        static Dense Dense(int units, string name) =>
            new(units, useBias: false, kernelInitializer: "zeros", name: name);
    }

    /// <summary>A recurrent layer by the name of its class.</summary>
    /// <param name="cell">The name; case does not matter.</param>
    /// <param name="units">Its units.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="returnSequences">Whether it gives every step.</param>
    /// <param name="returnState">Whether it gives its final states.</param>
    /// <exception cref="ArgumentException">There is no such recurrent layer.</exception>
    public static RecurrentLayer Recurrence(
        string cell, int units, string name, bool returnSequences = false, bool returnState = false) =>
        Create(new ComponentConfig(cell, new()
        {
            { "units", units },
            { "return_sequences", returnSequences },
            { "return_state", returnState },
            { "name", name },
        }));

    private static RecurrentLayer Create(ComponentConfig config)
    {
        Exception? problem = null;
        try
        {
            if (LayerNames.Registry.Create(config) is RecurrentLayer layer)
            {
                return layer;
            }
        }
        catch (ConfigException exception)
        {
            problem = exception;
        }

        throw new ArgumentException(
            $"'{config.ClassName}' is no recurrent layer of units. Take LSTM, GRU, SimpleRNN, MinGRU or another.", problem);
    }

    private Symbol Input(Shape shape, string name)
    {
        Symbol input = new Input(shape, name: name).Output;
        inputs.Add(input);
        return input;
    }
}
