using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Adds sines and cosines of the position to each step (Vaswani et al., "Attention is all you need", 2017).</summary>
/// <remarks>
/// Forward, at position p: <c>y[2i] = x[2i] + sin(p / λ^(2i/d))</c>, <c>y[2i + 1] = x[2i + 1] + cos(p / λ^(2i/d))</c> with d
/// features and the greatest wavelength 2πλ. Backward: <c>dx = dy</c>. No parameters. What <see cref="PositionLayer"/> says holds
/// here.
/// </remarks>
public sealed class PositionalEncoding : PositionLayer
{
    private readonly double maxWavelength;
    private readonly PositionPass.FillColumn fill;

    /// <summary>Creates the layer.</summary>
    /// <param name="maxWavelength">λ, above 0; default 10,000.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>positional_encoding</c>.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The wavelength is out of range.</exception>
    public PositionalEncoding(double maxWavelength = 10_000, string? name = null, Shape? inputShape = null)
        : base(name, trainable: true, inputShape)
    {
        new OptionCheck(Introduction)
            .Require(
                maxWavelength > 0 && double.IsFinite(maxWavelength),
                FormattableString.Invariant($"maxWavelength must be a number above 0, but is {maxWavelength}"),
                "maxWavelength")
            .ThrowIfAny();
        this.maxWavelength = maxWavelength;
        fill = Fill;
    }

    /// <inheritdoc/>
    public override string ClassName => "PositionalEncoding";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("max_wavelength", maxWavelength);
        return config;
    }

    internal static PositionalEncoding Read(ConfigReader config) => new(config.Double("max_wavelength", 10_000), config.Name())
    {
        ActivityRegularizer = config.ActivityRegularizer(),
        Trainable = config.Trainable(),
    };

    /// <inheritdoc/>
    protected override SequenceBatch Forward(PositionPass pass, SequenceBatch input)
    {
        Take(pass, input);
        ColumnBlock table = pass.Table(fill);
        ColumnBlock output = pass.Columns;
        for (int column = 0; column < output.ColumnCount; column++)
        {
            if (pass.PositionOf(column) >= 0)
            {
                VectorMath.Add(table.Column(pass.TableColumn(column)), output.Column(column));
            }
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(PositionPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Options.InputGradient ? outputGradient : null;
    }

    private void Fill(int position, Span<Real> column)
    {
        for (int row = 0; row < column.Length; row++)
        {
            double angle = position / Math.Pow(maxWavelength, (row & ~1) / (double)column.Length);
            column[row] = (Real)((row & 1) == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }
    }
}
