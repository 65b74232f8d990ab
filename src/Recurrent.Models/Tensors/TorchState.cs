using System.Globalization;
using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>Finds the <c>state_dict</c> in what a pickle of PyTorch holds.</summary>
internal static class TorchState
{
    private const int MostMetadata = 1000;

    private static readonly string[] UsualKeys = ["state_dict", "model_state_dict", "model", "net", "module", "weights"];

    /// <summary>The tensors of a state, with what stands beside it.</summary>
    /// <param name="format">What kind of file it is, in words.</param>
    /// <param name="root">What the pickle holds.</param>
    /// <param name="open">The storage of a key.</param>
    /// <exception cref="ModelFormatException">There is no state in it.</exception>
    public static TensorContent Read(string format, object? root, Func<PickleStorage, IStorage> open)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root is PickleTensor single)
        {
            return new(format, metadata, [Tensor("tensor", single, open)]);
        }

        if (root is not PickleDictionary top)
        {
            throw new ModelFormatException("The file of PyTorch holds no state_dict, but another value. In Python: "
                + "torch.save(model.state_dict(), \"model.pt\").");
        }

        PickleDictionary state = HasTensors(top) ? top : Inside(top);
        foreach ((string key, object? value) in top.Entries)
        {
            if (value is string or long or double or bool && metadata.Count < MostMetadata)
            {
                metadata.Add(key, Convert.ToString(value, CultureInfo.InvariantCulture)!);
            }
        }

        return new(format, metadata,
            [.. from entry in state.Entries
                where entry.Value is PickleTensor
                select Tensor(entry.Key, (PickleTensor)entry.Value!, open)]);
    }

    private static bool HasTensors(PickleDictionary dictionary) => dictionary.Entries.Any(entry => entry.Value is PickleTensor);

    private static PickleDictionary Inside(PickleDictionary top)
    {
        PickleDictionary? usual = UsualKeys.Select(key => top[key] as PickleDictionary)
            .FirstOrDefault(inside => inside is not null && HasTensors(inside));
        if (usual is not null)
        {
            return usual;
        }

        PickleDictionary[] states = [.. top.Entries.Select(entry => entry.Value).OfType<PickleDictionary>().Where(HasTensors)];
        return states.Length == 1 ? states[0]
            : throw new ModelFormatException(
                $"The file of PyTorch holds {(states.Length == 0 ? "no tensors" : "several dictionaries of tensors")} under its "
                + $"keys {string.Join(", ", top.Entries.Take(20).Select(entry => $"'{entry.Key}'"))}. In Python: "
                + "torch.save(model.state_dict(), \"model.pt\").");
    }

    private static StoredTensor Tensor(string name, PickleTensor tensor, Func<PickleStorage, IStorage> open)
    {
        int[] shape = [.. tensor.Shape.Items.Select(item => (int)Whole(name, item, int.MaxValue))];
        long[] strides = [.. tensor.Strides.Items.Select(item => Whole(name, item, long.MaxValue))];
        if (shape.Length != strides.Length || shape.Length > StoredTensor.MostAxes)
        {
            throw new ModelFormatException(name, "axes and strides of the tensor do not go together.");
        }

        _ = StoredTensor.SizeOf(name, shape);
        long offset = Whole(name, tensor.Offset, 1L << 60) + Whole(name, tensor.Storage.Offset, 1L << 60);
        return new(name, tensor.Storage.Type, shape, open(tensor.Storage), offset, strides);
    }

    private static long Whole(string name, object? value, long most) => value is long number && number >= 0 && number <= most
        ? number
        : throw new ModelFormatException(name, "an axis, a stride or a place of the tensor is no whole number from 0 on.");
}
