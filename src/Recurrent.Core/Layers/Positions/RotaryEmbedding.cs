using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Turns pairs of features by angles that grow with the position, so that dot products of two steps depend on their distance
/// alone (Su et al., "RoFormer: Enhanced transformer with rotary position embedding", 2021).
/// </summary>
/// <remarks>
/// Forward, at position p, with d features and for i below d/2: <c>φ = p / λ^(2i/d)</c>, <c>y[i] = x[i]·cos φ − x[i + d/2]·sin
/// φ</c>, <c>y[i + d/2] = x[i + d/2]·cos φ + x[i]·sin φ</c>. Backward: the same turn the other way round. No parameters. The
/// pairs are those of keras_hub.layers.RotaryEmbedding. To use it with attention, put it on the queries and on the keys. What
/// <see cref="PositionLayer"/> says holds here.
/// </remarks>
public sealed class RotaryEmbedding : PositionLayer
{
    private readonly double maxWavelength;
    private readonly PositionPass.FillColumn fill;

    /// <summary>Creates the layer.</summary>
    /// <param name="maxWavelength">λ, above 0; default 10,000.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>rotary_embedding</c>.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The wavelength is out of range.</exception>
    public RotaryEmbedding(double maxWavelength = 10_000, string? name = null, Shape? inputShape = null)
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
    public override string ClassName => "RotaryEmbedding";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("max_wavelength", maxWavelength);
        return config;
    }

    internal static RotaryEmbedding Read(ConfigReader config) => new(config.Double("max_wavelength", 10_000), config.Name())
    {
        ActivityRegularizer = config.ActivityRegularizer(),
        Trainable = config.Trainable(),
    };

    /// <inheritdoc/>
    protected override SequenceBatch Forward(PositionPass pass, SequenceBatch input)
    {
        Take(pass, input);
        Turn(pass, pass.Output.Values, 1);
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(PositionPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (!pass.Options.InputGradient)
        {
            return null;
        }

        Turn(pass, outputGradient, -1);
        return outputGradient;
    }

    /// <inheritdoc/>
    private protected override void CheckShape(Shape input, int features)
    {
        if (features % 2 != 0)
        {
            throw new ShapeException(
                Introduction, "input with an even number of features, which it turns in pairs", input,
                    "Give one feature more or less.");
        }
    }

    /// <summary>Turns every column by the angles of its position, or back.</summary>
    private void Turn(PositionPass pass, ColumnBlock columns, Real direction)
    {
        ColumnBlock table = pass.Table(fill);
        int half = columns.Rows / 2;
        for (int column = 0; column < columns.ColumnCount; column++)
        {
            if (pass.PositionOf(column) < 0)
            {
                continue;
            }

            Span<Real> x = columns.Column(column);
            ReadOnlySpan<Real> cosine = table.Column(pass.TableColumn(column))[..half];
            ReadOnlySpan<Real> sine = table.Column(pass.TableColumn(column))[half..];
            for (int i = 0; i < half; i++)
            {
                Real first = x[i];
                Real second = x[i + half];
                Real turn = direction * sine[i];
                x[i] = (first * cosine[i]) - (second * turn);
                x[i + half] = (second * cosine[i]) + (first * turn);
            }
        }
    }

    private void Fill(int position, Span<Real> column)
    {
        int half = column.Length / 2;
        for (int i = 0; i < half; i++)
        {
            double angle = position / Math.Pow(maxWavelength, i / (double)half);
            column[i] = (Real)Math.Cos(angle);
            column[i + half] = (Real)Math.Sin(angle);
        }
    }
}
