using System.Globalization;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Puts strings or whole numbers into bins by a hash: the same on every machine, and without a vocabulary.</summary>
/// <remarks>
/// <para>
/// <c>y = fingerprint(x) mod numBins</c>, with FarmHash's 64-bit fingerprint of the text in UTF-8, or of the number's decimal
/// digits; a number with a fraction loses it first. With a salt the hash is SipHash-2-4 of that key. With <c>maskValue</c>
/// bin 0 is for that value alone, and all others share the rest. Bins are Keras's to the last bit. They have no gradient: it
/// is zero.
/// </para>
/// <para>
/// Input: (batch, …) of whole numbers, or of strings where the model begins at an <see cref="Input"/> of the dtype "string"; by
/// itself,
/// <see cref="Call(StringArray)"/>. Output: the bin of each (<c>int</c>), or encoded as <see cref="CategoryEncoding"/> does.
/// A mask is passed on with <c>int</c> and ends here otherwise. Keras's keras.layers.Hashing; <c>sparse</c> is accepted in
/// files at false only.
/// </para>
/// </remarks>
public sealed class Hashing : UnaryLayer<TokenPass>
{
    private readonly Token? maskValue;
    private readonly Salt? salt;
    private readonly string outputMode;

    /// <summary>Creates the layer.</summary>
    /// <param name="numBins">Number of bins, that of <paramref name="maskValue"/> included; at least 1.</param>
    /// <param name="maskValue">A text or a whole number that has bin 0 to itself; null (the default) for none.</param>
    /// <param name="salt">One whole number or two, which make the hash another one; null (the default) for none.</param>
    /// <param name="outputMode"><c>"int"</c> (the default), <c>"one_hot"</c>, <c>"multi_hot"</c> or <c>"count"</c>.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>hashing</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Hashing(
        int numBins,
        Token? maskValue = null,
        Salt? salt = null,
        string outputMode = "int",
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(outputMode);
        new OptionCheck(Introduction)
            .Positive(nameof(numBins), numBins)
            .Require(
                outputMode != TokenEncoding.Int || numBins <= TokenIds.Most,
                string.Create(CultureInfo.InvariantCulture, $"numBins must be at most {TokenIds.Most}, because bins go on as "
                    + $"floats, but is {numBins}"),
                nameof(numBins))
            .CheckMode(outputMode, TokenEncoding.Int, TokenEncoding.OneHot, TokenEncoding.MultiHot, TokenEncoding.Count)
            .ThrowIfAny();
        NumBins = numBins;
        this.maskValue = maskValue;
        this.salt = salt;
        this.outputMode = outputMode;
    }

    /// <inheritdoc/>
    public override string ClassName => "Hashing";

    /// <summary>Number of bins.</summary>
    public int NumBins { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => TokenEncoding.StreamingObstacle(outputMode, InputShape);

    internal override bool ReadsTokens => true;

    internal override string? OutputType => outputMode == TokenEncoding.Int ? "int64" : null;

    // With a mask value of one kind, the input is of that kind.
    internal override bool? ReadsStrings(int input) => maskValue is null ? null : maskValue.Text is not null;

    /// <summary>The bin of each string, or their encoding.</summary>
    /// <param name="strings">The strings; the first axis counts samples.</param>
    /// <exception cref="ArgumentException">The mask value is a number, or samples are of unequal length.</exception>
    public NDArray Call(StringArray strings) => DirectCall.OnStrings(this, strings, outputMode);

    /// <summary>
    /// The bin of each number, or their encoding. A list by itself is one sample where the bins of a sample are gathered.
    /// </summary>
    /// <param name="numbers">The numbers.</param>
    /// <exception cref="ArgumentException">The mask value is a text, or a number is not finite.</exception>
    public NDArray Call(NDArray numbers) => DirectCall.OnNumbers(this, numbers, outputMode);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample has no axis.</exception>
    public override Shape ComputeOutputShape(Shape input) =>
        TokenEncoding.OutputShape(outputMode, TokenEncoding.RequireAxis(this, input), InputShape, NumBins);

    internal override void LookUp(StringArray strings, string argument, Span<Real> keys)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = BinOf(strings.Values[i]);
        }
    }

    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        TokenEncoding.RequireRoom(this, outputMode, input, NumBins, MostOfOneSample, "numBins");

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("num_bins", NumBins);
        config.Add("salt", salt);
        config.Add("mask_value", maskValue?.Value);
        config.Add("output_mode", outputMode);
        config.Add("sparse", false);
        return config;
    }

    internal static Hashing Read(ConfigReader config)
    {
        config.Expect("sparse", false, null);
        return new(
            config.Int("num_bins"),
            Token.Read(config, "mask_value"),
            Salt.Read(config),
            config.OptionalString("output_mode") ?? "int",
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    protected override TokenPass NewPass(PassOptions options) => new(this, options, outputMode, NumBins);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(TokenPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        ReadOnlySpan<Real> x = input.Values.Values;
        bool hasBins = pass.Options.HasKeys;
        if (outputMode == TokenEncoding.Int)
        {
            Span<Real> y = pass.Output.Values.Values;
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = hasBins ? x[i] : BinOf(x[i]);
            }

            pass.Output.Mask = input.Mask;
            return pass.Output;
        }

        for (int i = 0; i < x.Length; i++)
        {
            pass.Tokens[i] = hasBins ? (int)x[i] : BinOf(x[i]);
        }

        return pass.Encode(input, default, default);
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(TokenPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Zero;
    }

    private int BinOf(string text) => maskValue is null || NumBins == 1
        ? Fingerprint.Bucket(text, NumBins, salt)
        : text == maskValue.Text ? 0 : 1 + Fingerprint.Bucket(text, NumBins - 1, salt);

    private int BinOf(Real number) => maskValue is null || NumBins == 1
        ? Fingerprint.Bucket((long)number, NumBins, salt)
        : number == maskValue.Number ? 0 : 1 + Fingerprint.Bucket((long)number, NumBins - 1, salt);
}
