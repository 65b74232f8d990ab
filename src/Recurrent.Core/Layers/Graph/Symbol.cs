using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// What a layer will give when a model runs: an output of one use of it. <see cref="Layer.Call(Symbols)"/> makes symbols of
/// symbols, an <see cref="Input"/> is the first, and <c>new Model(inputs, outputs)</c> is what lies between. Keras's KerasTensor.
/// </summary>
/// <example><code>
/// var series = new Input((timesteps: 10, features: 3), name: "series");
/// Symbol summary = new LSTM(8).Call(series);
/// var model = new Model(inputs: series, outputs: new Dense(1).Call(summary));
/// </code></example>
public sealed class Symbol
{
    internal Symbol(Node node, int index, Shape shape)
    {
        Node = node;
        Index = index;
        Shape = shape;
    }

    /// <summary>Shape of a sample; axes may be unknown.</summary>
    public Shape Shape { get; }

    /// <summary>The layer that gives it.</summary>
    public Layer Layer => Node.Layer;

    /// <summary>Which of the outputs of that use of the layer it is, from 0 on: Keras's tensor index.</summary>
    public int Index { get; }

    /// <summary>
    /// What kind of number it is, as Keras names it, or "string"; null for the number type that models compute in.
    /// </summary>
    internal string? DataType => Layer is Input input ? input.DataType : Layer.OutputTypeOf(Index);

    /// <summary>Whether it is strings.</summary>
    internal bool HoldsStrings => DataType == Input.Strings;

    /// <summary>The use of the layer.</summary>
    internal Node Node { get; }

    /// <summary>As messages name it: <c>'lstm' (batch, 8)</c>.</summary>
    public override string ToString() => $"'{Layer.Name ?? Layer.ClassName}' {Shape}";
}
