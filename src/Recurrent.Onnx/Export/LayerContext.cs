using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Onnx.Export;

/// <summary>One use of a layer that is written.</summary>
/// <param name="Writer">The graph.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Name">Its name, with those of the models around it.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="OutputShapes">Shape of a sample of each output.</param>
/// <param name="States">Gives its states where they come from outside; null where it begins with zero.</param>
internal sealed record LayerContext(
    GraphWriter Writer, Layer Layer, string Name, Signal[] Inputs, IReadOnlyList<Shape> OutputShapes, StatePorts? States)
{
    private Options? options;

    /// <summary>The first input.</summary>
    public Signal Input => Inputs[0];

    /// <summary>Its values.</summary>
    public Tensor X => Inputs[0].Value;

    /// <summary>Shape of a sample of the first output.</summary>
    public Shape OutputShape => OutputShapes[0];

    /// <summary>The options of the layer.</summary>
    public Options Options => options ??= new(Layer.GetConfig());

    /// <summary>A parameter of the layer by its name; null where there is none.</summary>
    public Parameter? Find(string name) => Layer.Parameters.FirstOrDefault(parameter => parameter.Name == name);

    /// <summary>A parameter of the layer as it is.</summary>
    public Tensor Weight(string name) => Writer.Weight(Require(name));

    /// <summary>A parameter of the layer.</summary>
    public Parameter Require(string name) =>
        Find(name) ?? throw new InvalidOperationException($"{Layer.Introduction} has no parameter '{name}'.");

    /// <summary>The bias added, where there is one.</summary>
    public Tensor Biased(Tensor x, string name = "bias") => Find(name) is { } bias ? x + Writer.Weight(bias) : x;

    /// <summary>An activation among the options.</summary>
    public Tensor Activated(Tensor x, string key = "activation") => Activation(key)?.Apply(x) ?? x;

    /// <summary>An activation among the options, or null.</summary>
    public ActivationFunction? Activation(string key = "activation") => Options.Raw(key) switch
    {
        string name => ActivationNames.Registry.Create(name),
        ComponentConfig component => ActivationNames.Registry.Create(component),
        _ => null,
    };

    /// <summary>The output with the mask of the (first) input, or another one.</summary>
    public Signal[] Give(Tensor value, Tensor? mask) => [new(value, OutputShape, mask)];

    /// <summary>The output, where the mask is passed on.</summary>
    public Signal[] GiveMasked(Tensor value) => Give(value, Input.Mask);

    /// <summary>The output, where the mask ends.</summary>
    public Signal[] GiveUnmasked(Tensor value) => Give(value, null);

    /// <summary>The place of an axis of a config, where 0 is that of the batch.</summary>
    public int AxisOf(int axis) => axis < 0 ? axis + Input.Rank : axis;

    /// <summary>Another layer inside this one.</summary>
    public Signal[] Write(Layer inner, Signal input, IReadOnlyList<Shape>? outputs = null) =>
        LayerExport.Write(new(
            Writer, inner, $"{Name}/{inner.Name}", [input], outputs ?? inner.ComputeOutputShapes([input.Shape]), States));

    /// <summary>Why the layer cannot be written.</summary>
    /// <param name="reason">The reason, as the end of a sentence with the layer as its subject.</param>
    /// <param name="advice">What to do, a sentence.</param>
    public OnnxExportException Refuse(string reason, string advice) =>
        new($"{Layer.Introduction} cannot be written to an ONNX file: it {reason}. {advice}");
}
