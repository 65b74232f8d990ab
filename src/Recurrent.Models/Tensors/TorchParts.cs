using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tensors;

/// <summary>What the layers of this library are in PyTorch.</summary>
internal static class TorchParts
{
    private const double TorchEpsilon = 1e-5;

    /// <summary>The modules that a layer is: one for most.</summary>
    /// <param name="name">Its name, after those of the models that it is in.</param>
    /// <param name="layer">The layer, which is built and has parameters.</param>
    /// <exception cref="TorchObstacleException">It is none.</exception>
    public static IEnumerable<TorchPart> Of(string name, Layer layer) => layer switch
    {
        Dense => [Linear(name, layer.Parameters)],
        Embedding or PositionalEmbedding => [Part(name, "Embedding", Same(layer.Parameters[0], "weight"))],
        Conv1D convolution => [Convolution(name, layer.Parameters, convolution.Groups)],
        Conv1DTranspose => [Transposed(name, layer.Parameters)],
        DepthwiseConv1D => [Depthwise(name, layer.Parameters)],
        SeparableConv1D =>
        [
            Depthwise($"{name}/depthwise", [layer.Parameters[0]]),
            Convolution($"{name}/pointwise", [.. layer.Parameters.Skip(1)], 1),
        ],
        LayerNormalization { RmsScaling: true } => throw new TorchObstacleException(layer,
            "rmsScaling, which divides by the standard deviation alone, is none of torch.nn.LayerNorm's options"),
        LayerNormalization => [Normalization(name, "LayerNorm", layer)],
        GroupNormalization => [Normalization(name, "GroupNorm", layer)],
        BatchNormalization => [BatchNorm(name, layer)],
        RMSNormalization => [Part(name, "RMSNorm", Same(layer.Parameters[0], "weight"))],
        PReLU => [Part(name, "PReLU", new Slot(layer.Parameters[0], "weight", [layer.Parameters[0].Size]))],
        RecurrentLayer or Bidirectional => TorchRecurrence.Of(name, layer),
        MultiHeadAttention or GroupedQueryAttention or SelfAttention => TorchAttention.Of(name, layer),
        _ => throw new TorchObstacleException(layer, $"a {layer.ClassName} is no module of torch.nn. Its tensors go to and from "
            + "safetensors under this library's names with SaveWeights and LoadWeights"),
    };

    /// <summary>A module whose weight is the kernel transposed.</summary>
    /// <param name="name">Name of the part.</param>
    /// <param name="parameters">Kernel, all axes but the first or last of which may be several, and bias or none.</param>
    /// <param name="inputAxes">How many axes of the kernel are of the input.</param>
    public static TorchPart Linear(string name, IReadOnlyList<Parameter> parameters, int inputAxes = 1)
    {
        Parameter kernel = parameters[0];
        int inputs = kernel.Shape.Take(inputAxes).Aggregate(1, (size, axis) => size * axis);
        int outputs = kernel.Size / inputs;
        return Part(name, "Linear",
        [
            new(kernel, "weight", [outputs, inputs])
            {
                ToTensor = values => Transposition.Of(values, inputs, outputs),
                ToParameter = values => Transposition.Of(values, outputs, inputs),
            },
            .. parameters.Skip(1).Select(bias => new Slot(bias, "bias", [bias.Size])),
        ]);
    }

    /// <summary>A part in which each parameter is one tensor.</summary>
    private static TorchPart Part(string name, string kind, params Slot[] slots) => new()
    {
        Name = name,
        Kind = kind,
        Parameters = [.. slots.Select(slot => slot.Parameter)],
        Tensors = [.. slots.Select(slot => new TorchTensor(slot.Name, slot.Shape))],
        ToParameters = tensors => [.. tensors.Select((values, i) => slots[i].ToParameter(values))],
        ToTensors = parameters => [.. parameters.Select((values, i) => slots[i].ToTensor(values))],
    };

    private static Slot Same(Parameter parameter, string name) => new(parameter, name, parameter.Shape);

    /// <summary>Kernel (size, channels / groups, filters); in PyTorch (filters, channels / groups, size).</summary>
    private static TorchPart Convolution(string name, IReadOnlyList<Parameter> parameters, int groups)
    {
        Parameter kernel = parameters[0];
        (int size, int channels, int filters) = (kernel.Shape[0], kernel.Shape[1], kernel.Shape[2]);
        return Part(name, groups == 1 ? "Conv1d" : FormattableString.Invariant($"Conv1d(groups={groups})"),
        [
            new(kernel, "weight", [filters, channels, size])
            {
                ToTensor = values => Transposition.Ends(values, size, channels, filters),
                ToParameter = values => Transposition.Ends(values, filters, channels, size),
            },
            .. parameters.Skip(1).Select(bias => Same(bias, "bias")),
        ]);
    }

    /// <summary>Kernel (size, filters, channels); in PyTorch (channels, filters, size).</summary>
    private static TorchPart Transposed(string name, IReadOnlyList<Parameter> parameters)
    {
        TorchPart part = Convolution(name, parameters, 1);
        return new()
        {
            Name = name,
            Kind = "ConvTranspose1d",
            Parameters = part.Parameters,
            Tensors = part.Tensors,
            ToParameters = part.ToParameters,
            ToTensors = part.ToTensors,
        };
    }

    /// <summary>Kernel (size, channels, multiplier); in PyTorch (channels · multiplier, 1, size).</summary>
    private static TorchPart Depthwise(string name, IReadOnlyList<Parameter> parameters)
    {
        Parameter kernel = parameters[0];
        int size = kernel.Shape[0];
        int filters = kernel.Size / size;
        return Part(name, FormattableString.Invariant($"Conv1d(groups={kernel.Shape[1]})"),
        [
            new(kernel, "weight", [filters, 1, size])
            {
                ToTensor = values => Transposition.Of(values, size, filters),
                ToParameter = values => Transposition.Of(values, filters, size),
            },
            .. parameters.Skip(1).Select(bias => Same(bias, "bias")),
        ]);
    }

    private static TorchPart Normalization(string name, string kind, Layer layer)
    {
        Slot[] slots = [.. layer.Parameters.Select(parameter => Same(parameter, parameter.Name == "gamma" ? "weight" : "bias"))];
        return WithNote(Part(name, kind, slots), layer);
    }

    private static TorchPart BatchNorm(string name, Layer layer)
    {
        string[] learnt = [.. layer.Parameters.Where(parameter => !parameter.IsStatistic).Select(parameter => parameter.Name)];
        return learnt.Length == 1
            ? throw new TorchObstacleException(layer, "BatchNorm1d learns weight and bias, or neither, and this learns "
                + $"{learnt[0]} alone. Set both scale and center, or neither")
            : WithNote(Part(name, "BatchNorm1d", [.. layer.Parameters.Select(parameter => Same(parameter, parameter.Name switch
            {
                "gamma" => "weight",
                "beta" => "bias",
                "moving_mean" => "running_mean",
                _ => "running_var",
            }))]), layer, beside: "num_batches_tracked");
    }

    private static TorchPart WithNote(TorchPart part, Layer layer, string? beside = null)
    {
        object? epsilon = layer.GetConfig().FirstOrDefault(entry => entry.Key == "epsilon").Value;
        return new()
        {
            Name = part.Name,
            Kind = part.Kind,
            Parameters = part.Parameters,
            Tensors = part.Tensors,
            ToParameters = part.ToParameters,
            ToTensors = part.ToTensors,
            Beside = beside,
            Note = epsilon is double value && value != TorchEpsilon
                ? FormattableString.Invariant(
                    $"epsilon is {value} here, and {TorchEpsilon:R} in PyTorch unless it is given as eps")
                : null,
        };
    }

    /// <summary>A parameter that is one tensor.</summary>
    private sealed record Slot(Parameter Parameter, string Name, IReadOnlyList<int> Shape)
    {
        public Func<Real[], Real[]> ToTensor { get; init; } = static values => values;

        public Func<Real[], Real[]> ToParameter { get; init; } = static values => values;
    }
}
