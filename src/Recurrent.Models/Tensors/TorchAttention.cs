using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tensors;

/// <summary>Attention in PyTorch: MultiheadAttention where the widths are its own, else four modules Linear.</summary>
internal static class TorchAttention
{
    private static readonly string[] Projections = ["query", "key", "value", "output"];

    /// <summary>The modules that a layer is.</summary>
    /// <exception cref="TorchObstacleException">It is none.</exception>
    public static IEnumerable<TorchPart> Of(string name, Layer layer)
    {
        int each = layer.Parameters.Count / Projections.Length;
        if (each is not (1 or 2) || layer.Parameters.Count % Projections.Length != 0)
        {
            throw new TorchObstacleException(layer, "a gate over what attention gives is none of PyTorch's");
        }

        if (layer is HeadedAttention { InputShape.Rank: > 2 })
        {
            throw new TorchObstacleException(
                layer, "attention over inputs of more axes than steps and features is none of PyTorch's");
        }

        Parameter[][] parts = [.. Projections.Select((_, i) => layer.Parameters.Skip(i * each).Take(each).ToArray())];
        int width = parts[3][0].Shape[^1];
        return layer is MultiHeadAttention && parts[0][0].Shape[0] == width
            && Array.TrueForAll(parts[..3], part => part[0].Size / part[0].Shape[0] == width)
                ? [Whole(name, parts, width)]
                : parts.Select((part, i) => TorchParts.Linear($"{name}/{Projections[i]}", part,
                    layer is not SelfAttention && Projections[i] == "output" ? 2 : 1));
    }

    /// <summary>The projections in one tensor where query, key and value are of one width, else in three.</summary>
    private static TorchPart Whole(string name, Parameter[][] parts, int width)
    {
        int[] inputs = [.. parts[..3].Select(part => part[0].Shape[0])];
        bool isOne = Array.TrueForAll(inputs, features => features == width);
        bool biased = parts[0].Length == 2;
        int weights = isOne ? 1 : 3;
        return new()
        {
            Name = name,
            Kind = isOne ? "MultiheadAttention"
                : FormattableString.Invariant($"MultiheadAttention(kdim={inputs[1]}, vdim={inputs[2]})"),
            Parameters = [.. parts.SelectMany(part => part)],
            Tensors =
            [
                .. (TorchTensor[])(isOne ? [new("in_proj_weight", [3 * width, width])]
                    : [new("q_proj_weight", [width, width]), new("k_proj_weight", [width, inputs[1]]),
                        new("v_proj_weight", [width, inputs[2]])]),
                .. (TorchTensor[])(biased ? [new("in_proj_bias", [3 * width])] : []),
                new("out_proj.weight", [width, width]),
                .. (TorchTensor[])(biased ? [new("out_proj.bias", [width])] : []),
            ],
            ToParameters = tensors =>
            {
                var values = new List<Real[]>();
                for (int i = 0; i < 3; i++)
                {
                    Real[] rows = isOne ? tensors[0].AsSpan(i * width * width, width * width).ToArray() : tensors[i];
                    values.Add(Transposition.Of(rows, width, inputs[i]));
                    if (biased)
                    {
                        values.Add(tensors[weights].AsSpan(i * width, width).ToArray());
                    }
                }

                values.Add(Transposition.Of(tensors[weights + (biased ? 1 : 0)], width, width));
                return biased ? [.. values, tensors[^1]] : [.. values];
            },
            ToTensors = values =>
            {
                int step = biased ? 2 : 1;
                Real[][] rows = [.. inputs.Select((features, i) => Transposition.Of(values[i * step], features, width))];
                Real[] last = Transposition.Of(values[3 * step], width, width);
                Real[][] all = isOne ? [[.. rows.SelectMany(each => each)]] : rows;
                return biased
                    ? [.. all, [.. values[1], .. values[3], .. values[5]], last, values[7]]
                    : [.. all, last];
            },
        };
    }
}
