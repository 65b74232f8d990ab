using System.Globalization;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Serialization;
using Recurrent.Tensors;

namespace Recurrent.Models;

/// <content>Weights from and for PyTorch.</content>
public partial class Model
{
    // The parts of a transformer's block, and what PyTorch calls them.
    private static readonly Dictionary<string, string> Blocks = new(StringComparer.Ordinal)
    {
        ["attention"] = "self_attn",
        ["attention_norm"] = "norm1",
        ["self_attention"] = "self_attn",
        ["self_attention_norm"] = "norm1",
        ["cross_attention"] = "multihead_attn",
        ["cross_attention_norm"] = "norm2",
        ["feed_forward_intermediate"] = "linear1",
        ["feed_forward_output"] = "linear2",
    };

    /// <summary>Reads the weights of a model of PyTorch into this one, which is built of the same layers.</summary>
    /// <remarks>
    /// <para>
    /// The file is a <c>state_dict</c>: safetensors, or what <c>torch.save</c> writes. Each layer with weights finds its module:
    /// as <paramref name="map"/> says, else one of its name, else the first in the file's order whose tensors have just its
    /// shapes. Kernels are transposed, gates put into the order of this library, both biases of LSTM and RNN added; what is what,
    /// docs/interop.md says. Each layer of a recurrent module of several is a layer of its own here.
    /// </para>
    /// <para>
    /// What a <c>state_dict</c> does not say is not read: ε of normalizations (PyTorch's is 1e-5), activations, dropout, and that
    /// <c>Flatten</c> of a convolution's output puts channels before steps there.
    /// </para>
    /// </remarks>
    /// <param name="path">The file: <c>.safetensors</c>, <c>.pt</c>, <c>.pth</c>, <c>.bin</c>.</param>
    /// <param name="map">
    /// The module of some layers or of all: <c>["encoder/lstm"] = "rnn[1]"</c> is the second layer of the recurrent module
    /// <c>rnn</c>, <c>"rnn[cell]"</c> a module LSTMCell, GRUCell or RNNCell. Null where all are to be found.
    /// </param>
    /// <param name="allowUnused">Whether tensors of the file may be left over; default false.</param>
    /// <param name="limits">How large the file may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <returns>What went where, layer by layer.</returns>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="NotSupportedException">A layer is none of PyTorch's; the message names it.</exception>
    /// <exception cref="ArgumentException">The map names a layer that the model has not.</exception>
    /// <exception cref="ModelFormatException">The file is not such a model's; nothing has been changed then.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<TorchMatch> LoadPyTorch(
        string path, IReadOnlyDictionary<string, string>? map = null, bool allowUnused = false, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireBuilt();
        TorchPart[] parts = TorchPartsOf();
        using TensorFile file = TensorFile.Open(path, limits);
        IReadOnlyList<(TorchPart Part, TorchMatch Match, IReadOnlyList<string> Names)> matches =
            new TorchMatcher(file).Match(parts, map, allowUnused);
        var values = new Real[matches.Count][][];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = matches[i].Part.ToParameters([.. matches[i].Names.Select(name => Finite(file, name))]);
        }

        using ParameterGate.Use use = Gate.Change(nameof(LoadPyTorch), within: true);
        for (int i = 0; i < values.Length; i++)
        {
            for (int k = 0; k < values[i].Length; k++)
            {
                Parameter parameter = matches[i].Part.Parameters[k];
                LargeArrays.Copy(values[i][k], parameter.Value.Values);
                parameter.MarkChanged();
            }
        }

        return [.. matches.Select(match => match.Match)];
    }

    /// <summary>Writes the weights for PyTorch, as a <c>state_dict</c>: the inverse of <see cref="LoadPyTorch"/>.</summary>
    /// <param name="path">The file: <c>.safetensors</c>, or <c>.pt</c>, <c>.pth</c> or <c>.bin</c> for an archive that
    /// <c>torch.load(path, weights_only=True)</c> reads. Where there is one already, it is replaced as a whole, or stays as it is
    /// if anything fails.</param>
    /// <param name="map">
    /// The modules of layers: <c>["lstm"] = "rnn"</c>, <c>["lstm_1"] = "rnn[1]"</c>. A layer that is not named has its own name,
    /// with <c>.</c> after the models that it is in.
    /// </param>
    /// <returns>What went where, layer by layer.</returns>
    /// <exception cref="InvalidOperationException">The model is not built, or a weight is not a finite number.</exception>
    /// <exception cref="NotSupportedException">A layer is none of PyTorch's; the message names it.</exception>
    /// <exception cref="ArgumentException">The map names a layer that the model has not, or two layers one place; or the name is
    /// that of another format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public IReadOnlyList<TorchMatch> SavePyTorch(string path, IReadOnlyDictionary<string, string>? map = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireBuilt();
        TorchPart[] parts = TorchPartsOf();
        var tensors = new List<NamedTensor>();
        var matches = new List<TorchMatch>();
        TorchMatcher.RequireNames(parts, map);
        using (ParameterGate.Use use = Gate.Read(nameof(SavePyTorch)))
        {
            foreach (TorchPart part in parts)
            {
                string module = map?.GetValueOrDefault(part.Name) ?? TorchNameOf(part.Name);
                (string prefix, int? layer) = TorchMatcher.ReadPlace(module);
                prefix = prefix.Length == 0 ? prefix : prefix + ".";
                Real[][] values = part.ToTensors([.. part.Parameters.Select(Finite)]);
                tensors.AddRange(part.NamesAt(prefix, layer).Select((name, i) =>
                    new NamedTensor(name, part.Tensors[i].Shape, values[i])));
                if (part.Beside is not null)
                {
                    tensors.Add(new(prefix + part.Beside, [], null));
                }

                matches.Add(new(part.Name, module, part.Kind, part.Note));
            }
        }

        if (tensors.GroupBy(tensor => tensor.Name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two layers would be written as '{twice.Key}'. Give them different modules in the map.",
                nameof(map));
        }

        TensorFile.Write(path, tensors, null);
        return matches;
    }

    private static Real[] Finite(TensorFile file, string name)
    {
        Real[] values = file.Read(name, out long notFinite).Values;
        return notFinite >= 0
            ? throw new ModelFormatException(name,
                string.Create(CultureInfo.InvariantCulture, $"number {notFinite} is not finite."))
            : values;
    }

    private Real[] Finite(Parameter parameter)
    {
        Real[] values = parameter.Values.ToArray();
        return Array.TrueForAll(values, Real.IsFinite) ? values : throw new InvalidOperationException(
            $"Model '{Name}' is not saved: its parameter '{parameter.Name}' holds a number that is not finite.");
    }

    /// <summary>The parts of the model in their order, each once.</summary>
    private TorchPart[] TorchPartsOf() =>
    [
        .. Leaves(this, string.Empty).DistinctBy(leaf => leaf.Layer, (IEqualityComparer<Layer>)ReferenceEqualityComparer.Instance)
            .SelectMany(leaf => TorchParts.Of(leaf.Path, leaf.Layer)),
    ];

    /// <summary>The layers that have weights of their own, with their names behind those of models that they are in.</summary>
    private static IEnumerable<(string Path, Layer Layer)> Leaves(Layer layer, string path)
    {
        if (layer.Parameters.Count == 0)
        {
            return [];
        }

        if (layer is Model model)
        {
            return model.layers.SelectMany(inside => Leaves(inside, path.Length == 0 ? inside.Name! : $"{path}/{inside.Name}"));
        }

        bool isWrapper = layer is not Bidirectional && layer.Inner.Count > 0
            && layer.Parameters.All(parameter => layer.Inner.Any(inside => inside.Parameters.Contains(parameter)));
        return !isWrapper ? [(path, layer)]
            : layer.Inner.SelectMany(inside => Leaves(inside, layer.Inner.Count == 1 ? path : $"{path}/{inside.Name}"));
    }

    /// <summary>What a layer is called in PyTorch where nothing else is said: the parts of a transformer's block as PyTorch calls
    /// them.</summary>
    private string TorchNameOf(string name)
    {
        string[] path = name.Split('/');
        Model inside = this;
        foreach (string part in path[..^1])
        {
            inside = inside.layers.FirstOrDefault(layer => layer.Name == part) as Model ?? inside;
        }

        bool isBlock = inside.layers.Exists(layer => layer.Name == "feed_forward_norm")
            && inside.layers.Exists(layer => layer.Name == "feed_forward_intermediate");
        string last = path[^1];
        string own = !isBlock ? last
            : last == "feed_forward_norm"
                ? inside.layers.Exists(layer => layer.Name == "cross_attention") ? "norm3" : "norm2"
            : Blocks.GetValueOrDefault(last, last);
        return string.Join('.', [.. path[..^1], own]);
    }
}
