using Recurrent.Numerics;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Dropout"/>, and of other layers that make noise in training, remembers.</summary>
public sealed class DropoutPass : Pass
{
    private const double SeluAlpha = 1.6732632423543772;
    private const double SeluScale = 1.0507009873554805;

    private readonly Shape noiseShape;
    private SequenceBatch? output;
    private DenseMatrix? factors;
    private DenseMatrix? drawn;
    private bool dropped;

    internal DropoutPass(Layer layer, PassOptions options, Shape noiseShape)
        : base(layer, options) => this.noiseShape = noiseShape;

    /// <summary>The buffer of the output; there is none until the first step in training.</summary>
    private SequenceBatch Output => output ??= new SequenceBatch(Options.InputShape, Options.BatchSize);

    /// <summary>The factors of the last step in training.</summary>
    private DenseMatrix Factors => factors ??= new DenseMatrix(Output.Values.RowCount, Output.Values.ColumnCount);

    /// <summary>Multiplies an input with factors drawn anew; at rate 0 the output is the input itself.</summary>
    /// <param name="input">The input.</param>
    /// <param name="rate">The share of zeros.</param>
    /// <param name="seed">The layer's seed.</param>
    internal SequenceBatch Drop(SequenceBatch input, double rate, ulong seed)
    {
        dropped = rate > 0;
        if (!dropped)
        {
            return input;
        }

        DrawFactors(Draw(seed, 0), rate);
        VectorMath.Multiply(input.Values.Values, Factors.Values, Output.Values.Values);
        Output.Mask = input.Mask;
        return Output;
    }

    /// <summary>
    /// Replaces a share of an input by the least value of selu, then shifts and scales all of it so that mean 0 and variance 1
    /// stay; at rate 0 the output is the input itself.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="rate">The share that is replaced.</param>
    /// <param name="seed">The layer's seed.</param>
    internal SequenceBatch DropToLeast(SequenceBatch input, double rate, ulong seed)
    {
        dropped = rate > 0;
        if (!dropped)
        {
            return input;
        }

        double least = -SeluAlpha * SeluScale;
        double a = 1 / Math.Sqrt((1 - rate) * (1 + (rate * least * least)));
        double b = -a * least * rate;
        DrawFactors(Draw(seed, 0), rate);
        ReadOnlySpan<Real> x = input.Values.Values;
        Span<Real> factors = Factors.Values;
        Span<Real> y = Output.Values.Values;
        for (int i = 0; i < x.Length; i++)
        {
            bool kept = factors[i] != 0;
            factors[i] = kept ? (Real)a : 0;
            y[i] = (Real)((a * (kept ? x[i] : least)) + b);
        }

        Output.Mask = input.Mask;
        return Output;
    }

    /// <summary>Multiplies an input with normal draws around 1; without deviation the output is the input itself.</summary>
    /// <param name="input">The input.</param>
    /// <param name="deviation">Standard deviation of the draws.</param>
    /// <param name="seed">The layer's seed.</param>
    internal SequenceBatch MultiplyNoise(SequenceBatch input, double deviation, ulong seed)
    {
        dropped = deviation > 0;
        if (!dropped)
        {
            return input;
        }

        SeededRandom random = Draw(seed, 0);
        foreach (ref Real factor in Factors.Values.AsSpan())
        {
            factor = (Real)(1 + (deviation * random.NextNormal()));
        }

        VectorMath.Multiply(input.Values.Values, Factors.Values, Output.Values.Values);
        Output.Mask = input.Mask;
        return Output;
    }

    /// <summary>Adds normal draws around 0 to an input; without deviation the output is the input itself.</summary>
    /// <param name="input">The input.</param>
    /// <param name="deviation">Standard deviation of the draws.</param>
    /// <param name="seed">The layer's seed.</param>
    internal SequenceBatch AddNoise(SequenceBatch input, double deviation, ulong seed)
    {
        dropped = false;
        if (deviation == 0)
        {
            return input;
        }

        SeededRandom random = Draw(seed, 0);
        ReadOnlySpan<Real> x = input.Values.Values;
        Span<Real> y = Output.Values.Values;
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = (Real)(x[i] + (deviation * random.NextNormal()));
        }

        Output.Mask = input.Mask;
        return Output;
    }

    /// <summary>
    /// The gradient of the input of the last forward pass, in the place of that of the output; null where nobody wants it.
    /// </summary>
    /// <param name="outputGradient">Gradient with respect to the output.</param>
    internal DenseMatrix? DropGradient(DenseMatrix outputGradient)
    {
        if (!Options.InputGradient)
        {
            return null;
        }

        if (dropped)
        {
            VectorMath.Multiply(outputGradient.Values, Factors.Values, outputGradient.Values);
        }

        return outputGradient;
    }

    /// <summary>Draws the factors of a step, once for all entries along an axis on which the noise shape is 1.</summary>
    /// <param name="random">Where the random bits come from.</param>
    /// <param name="rate">The share of zeros.</param>
    private void DrawFactors(SeededRandom random, double rate)
    {
        if (noiseShape.Equals(Options.InputShape))
        {
            DropoutNoise.Fill(random, rate, Factors.Values);
            return;
        }

        int batch = Options.BatchSize;
        drawn ??= new DenseMatrix(noiseShape.Features, noiseShape.Steps * batch);
        DropoutNoise.Fill(random, rate, drawn.Values);
        ColumnBlock from = drawn;
        ColumnBlock to = Factors;
        for (int column = 0; column < to.ColumnCount; column++)
        {
            Span<Real> source = from.Column((SourceStep(column / batch) * batch) + (column % batch));
            if (source.Length == to.Rows)
            {
                source.CopyTo(to.Column(column));
            }
            else
            {
                to.Column(column).Fill(source[0]);
            }
        }
    }

    /// <summary>The step of the drawn factors that serves a step of the input.</summary>
    private int SourceStep(int step)
    {
        int source = 0;
        int stride = 1;
        for (int axis = noiseShape.Rank - 2; axis >= 0; axis--)
        {
            int length = Options.InputShape[axis]!.Value;
            int drawnLength = noiseShape[axis]!.Value;
            source += (drawnLength == 1 ? 0 : step % length) * stride;
            stride *= drawnLength;
            step /= length;
        }

        return source;
    }
}
