using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// A recurrent layer with a <see cref="GatedCell"/> of its own, whose options it takes over: kernels, bias, dropout.
/// </summary>
public abstract class GatedLayer : RecurrentLayer
{
    private protected GatedLayer(GatedCell cell, SequenceOptions options)
        : base(cell, options)
    {
        cell.CheckOptions(new OptionCheck(Introduction)).ThrowIfAny();
    }

    /// <summary>Number of units: rows of each gate, and for most cells length of the hidden state.</summary>
    public int Units => Gated.Units;

    /// <summary>The options of the cell: activations, first values, penalties, constraints, dropout.</summary>
    public CellOptions Options => Gated.Options;

    private GatedCell Gated => (GatedCell)Cell;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        SequenceOptions.AddTo(config);
        foreach ((string key, object? value) in Cell.GetOptions())
        {
            if (key == "seed" && value is null && !WritesSeed)
            {
                continue;
            }

            config.Add(key, value);
            if (key == "bias_regularizer" && ActivityRegularizer is null)
            {
                // One that is set stands at the head of the config of every layer.
                config.Add("activity_regularizer", null);
            }
        }

        return config;
    }

    /// <summary>Whether a seed of null is written to the config: Keras's SimpleRNN leaves it out.</summary>
    private protected virtual bool WritesSeed => true;
}
