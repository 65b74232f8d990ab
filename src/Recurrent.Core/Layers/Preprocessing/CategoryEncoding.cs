using System.Globalization;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Makes ids vectors that layers can weigh: a place of 1 for each, or which of them a sample has, or how often.
/// </summary>
/// <remarks>
/// <para>
/// <c>one_hot</c>: <c>y_t[k] = 1</c> where x_t = k; <c>multi_hot</c>: <c>y[k] = 1</c> where some x_t = k; <c>count</c>: <c>y[k] =
/// Σ w_t</c>
/// over the t with x_t = k, w = 1 where no weights are given. Backward: <c>dw_t = dy[x_t]</c>; ids have no gradient: it is zero.
/// </para>
/// <para>
/// Input: (batch, ids), whole numbers from 0 to numTokens − 1, and, with <c>count</c>, a weight for each, of the same shape:
/// <c>encoding.Call(ids, weights)</c>. Output: one_hot (batch, ids, numTokens), or (batch, numTokens) where a sample is one
/// id; else (batch, numTokens). Where a sample has more axes, one_hot adds one (or takes the place of a last one of length
/// 1), and the others sum over the first, as Keras does; <c>new TimeDistributed(…)</c> encodes the ids of each step by
/// themselves. The padding of sequences of unequal length counts as no id. A mask ends here. Keras's
/// keras.layers.CategoryEncoding; <c>sparse</c> is accepted in files at false only.
/// </para>
/// </remarks>
public sealed class CategoryEncoding : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="numTokens">Number of ids: the largest id plus one, at least 1.</param>
    /// <param name="outputMode"><c>"multi_hot"</c> (the default), <c>"one_hot"</c> or <c>"count"</c>.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>category_encoding</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public CategoryEncoding(
        int numTokens, string outputMode = "multi_hot", string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(outputMode);
        OutputMode = TokenEncoding.Modern(outputMode);
        new OptionCheck(Introduction)
            .Positive(nameof(numTokens), numTokens)
            .CheckMode(OutputMode, TokenEncoding.MultiHot, TokenEncoding.OneHot, TokenEncoding.Count)
            .ThrowIfAny();
        NumTokens = numTokens;
    }

    /// <inheritdoc/>
    public override string ClassName => "CategoryEncoding";

    /// <summary>Number of ids.</summary>
    public int NumTokens { get; }

    /// <summary>How ids are encoded.</summary>
    public string OutputMode { get; }

    /// <inheritdoc/>
    public override int? IdCount => NumTokens;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => TokenEncoding.StreamingObstacle(OutputMode, InputShape);

    internal override string IdOption => "numTokens";

    internal override CallForm CallForm { get; } = new() { Inputs = ["inputs", "count_weights"] };

    /// <summary>Encodes an array by itself. A list is one sample where the ids of a sample are gathered.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="countWeights">With <c>count</c>, how much each counts; null (the default) for 1.</param>
    /// <exception cref="ArgumentException">An id is none, or the weights have another shape.</exception>
    public NDArray Call(NDArray ids, NDArray? countWeights = null) =>
        DirectCall.OnNumbers(this, ids, OutputMode, countWeights);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample has no axis, or weights have another shape.</exception>
    public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count is < 1 or > 2)
        {
            throw WrongInputs("takes ids, and behind them a weight for each at most", inputs);
        }

        Shape input = TokenEncoding.RequireAxis(this, inputs[0]);
        if (inputs.Count > 1 && OutputMode != TokenEncoding.Count)
        {
            throw new ArgumentException(
                $"{Introduction} has the outputMode '{OutputMode}', which no weights go with. Set outputMode: \"count\", or "
                    + $"call it with ids alone.");
        }

        return inputs.Count == 1 || (input.Accepts(inputs[1]) && inputs[1].Accepts(input))
            ? [TokenEncoding.OutputShape(OutputMode, input, InputShape, NumTokens)]
            : throw new ShapeException(
                Introduction, $"a weight for each id, of shape {input}", inputs[1], "Give ids and weights the same shape.");
    }

    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        TokenEncoding.RequireRoom(this, OutputMode, input, NumTokens, MostOfOneSample, "numTokens");

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("num_tokens", NumTokens);
        config.Add("output_mode", OutputMode);
        return config;
    }

    internal static CategoryEncoding Read(ConfigReader config)
    {
        config.Expect("sparse", false, null);
        return new(
            config.Int("num_tokens"), config.OptionalString("output_mode") ?? "multi_hot", config.Name(), config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new CategoryEncodingPass(this, options);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A value of the input is not an id; nothing has been computed then.</exception>
    public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        TokenPass tokens = ((CategoryEncodingPass)pass).Tokens;
        ReadOnlySpan<Real> values = inputs[0].Values.Values;
        for (int i = 0; i < values.Length; i++)
        {
            tokens.Tokens[i] = TokenIds.IsId(values[i], NumTokens) ? (int)values[i] : throw WrongId(inputs[0], i);
        }

        outputs[0] = tokens.Encode(inputs[0], inputs.Length > 1 ? inputs[1].Values.Values : default, default);
        ((CategoryEncodingPass)pass).Padding = inputs[0].Padding;
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (CategoryEncodingPass)pass;
        inputGradients[0] = own.Tokens.Zero;
        if (own.WeightGradient is { } gradient)
        {
            ReadOnlySpan<Real> slopes = outputGradients[0]!.Values;
            for (int i = 0; i < gradient.Values.Length; i++)
            {
                gradient.Values[i] = own.Tokens.PlaceOf(i, own.Padding) is var place and >= 0 ? slopes[place] : 0;
            }

            inputGradients[1] = gradient;
        }
    }

    private ArgumentException WrongId(SequenceBatch input, int index)
    {
        int rows = input.Values.RowCount;
        int column = index / rows;
        string place = string.Create(
            CultureInfo.InvariantCulture,
            $"in row {column % input.BatchSize} at step {(column / input.BatchSize * rows) + (index % rows)}");
        return new(TokenIds.Refuse(Introduction, NumTokens, "gets", input.Values.Values[index], place, IdOption), nameof(input));
    }
}
