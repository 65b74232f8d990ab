using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>A recurrent layer with a <see cref="GatedCell"/> of its own, whose options it takes over: kernels, bias, dropout.</summary>
public abstract class GatedLayer : RecurrentLayer
{
    private protected GatedLayer(GatedCell cell, SequenceOptions options)
        : base(cell, options)
    {
        cell.CheckOptions(cell.Options, new OptionCheck(Introduction)).ThrowIfAny();
    }

    /// <summary>Number of units: rows of each gate, and for most cells length of the hidden state.</summary>
    public int Units => Gated.Units;

    /// <summary>The activation of the cell; of the gates some cells have another.</summary>
    public ActivationFunction Activation => Gated.Activation;

    /// <summary>Whether there is a bias. Default true.</summary>
    public bool UseBias
    {
        get => Gated.UseBias;
        init => SetChecked(Gated.Options with { UseBias = value });
    }

    /// <summary>First values of W. Default Glorot uniform.</summary>
    public Initializer KernelInitializer
    {
        get => Gated.KernelInitializer;
        init => Gated.Options = Gated.Options with { KernelInitializer = value };
    }

    /// <summary>First values of U. Default orthogonal.</summary>
    public Initializer RecurrentInitializer
    {
        get => Gated.RecurrentInitializer;
        init => SetChecked(Gated.Options with { RecurrentInitializer = value });
    }

    /// <summary>First values of the bias. Default zeros.</summary>
    public Initializer BiasInitializer
    {
        get => Gated.BiasInitializer;
        init => Gated.Options = Gated.Options with { BiasInitializer = value };
    }

    /// <summary>Penalty on W, or null (the default).</summary>
    public Regularizer? KernelRegularizer
    {
        get => Gated.KernelRegularizer;
        init => Gated.Options = Gated.Options with { KernelRegularizer = value };
    }

    /// <summary>Penalty on U, or null (the default).</summary>
    public Regularizer? RecurrentRegularizer
    {
        get => Gated.RecurrentRegularizer;
        init => SetChecked(Gated.Options with { RecurrentRegularizer = value });
    }

    /// <summary>Penalty on the bias, or null (the default).</summary>
    public Regularizer? BiasRegularizer
    {
        get => Gated.BiasRegularizer;
        init => Gated.Options = Gated.Options with { BiasRegularizer = value };
    }

    /// <summary>What W is projected onto after each update, or null (the default).</summary>
    public Constraint? KernelConstraint
    {
        get => Gated.KernelConstraint;
        init => Gated.Options = Gated.Options with { KernelConstraint = value };
    }

    /// <summary>What U is projected onto after each update, or null (the default).</summary>
    public Constraint? RecurrentConstraint
    {
        get => Gated.RecurrentConstraint;
        init => SetChecked(Gated.Options with { RecurrentConstraint = value });
    }

    /// <summary>What the bias is projected onto after each update, or null (the default).</summary>
    public Constraint? BiasConstraint
    {
        get => Gated.BiasConstraint;
        init => Gated.Options = Gated.Options with { BiasConstraint = value };
    }

    /// <summary>Share of the inputs set to zero in training, the same ones at every step; in [0, 1). Default 0.</summary>
    /// <exception cref="ArgumentException">The share is out of range.</exception>
    public double Dropout
    {
        get => Gated.Dropout;
        init => SetChecked(Gated.Options with { Dropout = value });
    }

    /// <summary>
    /// Share of the hidden state set to zero in training on its way into the recurrent product, the same entries at every step and
    /// for every gate (the tied variant of Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent
    /// neural networks", 2016); in [0, 1). Default 0.
    /// </summary>
    /// <exception cref="ArgumentException">The share is out of range.</exception>
    public double RecurrentDropout
    {
        get => Gated.RecurrentDropout;
        init => SetChecked(Gated.Options with { RecurrentDropout = value });
    }

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

    private void SetChecked(CellOptions options)
    {
        Gated.CheckOptions(options, new OptionCheck(Introduction)).ThrowIfAny();
        Gated.Options = options;
    }
}
