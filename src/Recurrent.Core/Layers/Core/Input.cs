using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Declares the shape of a model's input and passes the input on as it is: <c>y = x</c>.</summary>
/// <remarks>
/// Input and output: (batch, …) of the declared shape. Keras's <c>InputLayer</c> (keras.layers.Input); its options <c>sparse</c>,
/// <c>ragged</c> and <c>optional</c> are accepted in files at their defaults only.
/// </remarks>
public sealed class Input : UnaryLayer
{
    private readonly Node node;

    /// <summary>The dtype of an input that is fed with strings.</summary>
    internal const string Strings = "string";

    private static readonly string[] DataTypes = ["float32", "float64", "int32", "int64", "bool", Strings];

    /// <summary>Creates the layer.</summary>
    /// <param name="shape">Shape of a sample, without the batch axis; an axis may be unknown.</param>
    /// <param name="batchSize">The one batch size that the model is meant for; null (the default) for any.</param>
    /// <param name="dtype">
    /// What kind of number the data is in the caller's hands: float32 (the default), float64, int32, int64 or bool. Files keep
    /// it; the library computes with <see cref="Real"/> whichever it is. Or "string": then the input is fed with strings,
    /// which a layer that reads it looks up, such as <see cref="StringLookup"/>.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>input_layer</c>.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Input(Shape shape, int? batchSize = null, string dtype = "float32", string? name = null)
        : base(name, trainable: true, shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        new OptionCheck(Introduction)
            .Require(batchSize is null or >= 1, FormattableString.Invariant($"batchSize must be at least 1, but is {batchSize}"),
                "batchSize")
            .Require(DataTypes.Contains(dtype), $"dtype must be one of {string.Join(", ", DataTypes)}, but is '{dtype}'", "dtype")
            .ThrowIfAny();
        BatchSize = batchSize;
        DataType = dtype;
        node = new Node(this, shape);
        AddUse(node);
    }

    /// <inheritdoc/>
    public override string ClassName => "InputLayer";

    /// <summary>The input as layers are called with it; an <see cref="Input"/> stands for it wherever a symbol is
    /// taken.</summary>
    public override Symbol Output => node.Outputs[0];

    /// <summary>The input as layers are called with it.</summary>
    /// <param name="input">The input.</param>
    public static implicit operator Symbol(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Output;
    }

    /// <summary>An input for a layer that reads it: of strings where the layer reads nothing else.</summary>
    /// <param name="shape">Shape of a sample.</param>
    /// <param name="reader">The layer.</param>
    /// <param name="dtype">The dtype of numbers.</param>
    internal static Input For(Shape shape, Layer? reader, string dtype = "float32") =>
        new(shape, dtype: reader?.ReadsStrings(0) == true ? Strings : dtype);

    /// <summary>The same input for samples of a shape that it takes.</summary>
    /// <param name="shape">The shape.</param>
    /// <exception cref="ShapeException">The shape is not the declared one.</exception>
    internal Input WithShape(Shape shape) => new(ComputeOutputShape(shape), dtype: DataType);

    /// <summary>The one batch size that the model is meant for, or null for any.</summary>
    public int? BatchSize { get; }

    /// <summary>What kind of number the data is in the caller's hands, as Keras names it.</summary>
    public string DataType { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The shape is not the declared one.</exception>
    public override Shape ComputeOutputShape(Shape input) => DeclaredInputShape!.Accepts(input)
        ? input
        : throw new ShapeException(
            Introduction, $"input of shape {DeclaredInputShape}", input, "Give data of that shape, or declare another one.");

    /// <inheritdoc/>
    public override SequenceBatch Forward(Pass pass, SequenceBatch input) => input;

    /// <inheritdoc/>
    public override DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Options.InputGradient ? outputGradient : null;
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "batch_shape", DeclaredInputShape!.Axes.Prepend(BatchSize) },
        { "dtype", DataType },
        { "sparse", false },
        { "ragged", false },
        { "name", Name },
        { "optional", false },
    };

    internal static Input Read(ConfigReader config)
    {
        IReadOnlyList<int?> batchShape = config.OptionalInts("batch_shape") ?? [];
        if (batchShape.Count == 0)
        {
            throw new ConfigException(
                "InputLayer needs the option 'batch_shape': the batch size or null, then the axes of a sample.");
        }

        config.Expect("sparse", false, null);
        config.Expect("ragged", false, null);
        config.Expect("optional", false, null);
        return new(new([.. batchShape.Skip(1)]), batchShape[0], config.OptionalString("dtype") ?? "float32", config.Name());
    }
}
