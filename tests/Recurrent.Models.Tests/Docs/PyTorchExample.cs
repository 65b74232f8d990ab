using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Tensors;

namespace Recurrent.Tests.Docs;

/// <summary>The code of docs/coming-from-pytorch.md.</summary>
internal static class PyTorchExample
{
    public static void Move()
    {
        // <example>
        var model = new Sequential();
        model.Add(new LSTM(64, returnSequences: true, inputShape: (timesteps: 20, features: 3)));  // nn.LSTM(3, 64, num_layers=2)
        model.Add(new LSTM(64));
        model.Add(new Dense(1));                                                                   // nn.Linear(64, 1)
        foreach (TorchMatch match in model.LoadPyTorch("model.pt"))
        {
            Console.WriteLine(match);                                                              // lstm = rnn[0] (LSTM)
        }

        model.SavePyTorch("again.safetensors", new Dictionary<string, string> { ["lstm"] = "rnn", ["lstm_1"] = "rnn[1]" });
        // </example>
    }

    public static void Read()
    {
        // <example>
        using TensorFile file = TensorFile.Open("model.safetensors");
        foreach (TensorInfo tensor in file.Tensors)
        {
            Console.WriteLine($"{tensor.Name} {tensor.DataType} [{string.Join(", ", tensor.Shape)}]");
        }

        NDArray bias = file.Read("fc.bias");
        TensorFile.Save("bias.safetensors", new Dictionary<string, NDArray> { ["fc.bias"] = bias });
        // </example>
    }
}
