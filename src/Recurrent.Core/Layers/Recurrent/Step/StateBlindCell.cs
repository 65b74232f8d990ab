using Recurrent.Initializers;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// A cell whose gates see the input alone, and not the state: there is no recurrent product, and all options of one are refused.
/// </summary>
public abstract class StateBlindCell : GatedCell
{
    private protected StateBlindCell(CellDefaults defaults, int units, int gates, CellOptions? options, string? name)
        : base(defaults, units, gates, options, name)
    {
    }

    /// <inheritdoc/>
    protected sealed override bool HasRecurrentKernel => false;

    /// <inheritdoc/>
    public sealed override Config GetOptions()
    {
        Config config = [];
        foreach ((string key, object? value) in base.GetOptions())
        {
            if (HasOption(key))
            {
                config.Add(key, value);
            }
        }

        return config;
    }

    /// <summary>What to use for recurrent dropout.</summary>
    private protected virtual string DropoutAdvice => "Use dropout";

    /// <summary>Whether the cell has an option that gated cells have.</summary>
    /// <param name="key">The option's key in a config.</param>
    private protected virtual bool HasOption(string key) =>
        key is not ("recurrent_initializer" or "recurrent_regularizer" or "recurrent_constraint" or "recurrent_dropout");

    internal override OptionCheck CheckOptions(OptionCheck check) => base.CheckOptions(check)
        .Require(
            Options.RecurrentDropout == 0,
            $"recurrentDropout must be 0, since no gate sees the state: there is nothing to drop. {DropoutAdvice}",
            "recurrentDropout")
        .Require(
            Options is { RecurrentInitializer: Orthogonal, RecurrentRegularizer: null, RecurrentConstraint: null },
            "recurrentInitializer, recurrentRegularizer and recurrentConstraint cannot be set, since there is no recurrent " +
            "kernel");
}
