using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>
/// Bits that were written down once. The check runs these tests with AVX-512 and without it, so the width of registers has no
/// part in them.
/// </summary>
/// <remarks>Nothing here goes through the operating system's library of functions, whose last bits are its own.</remarks>
[TestFixture]
public sealed class WidthDeterminismTests
{
    private static Layer[] Layers =>
    [
        new LayerNormalization(),
        new LayerNormalization(axis: [1, 2]),
        new LayerNormLSTM(21, returnSequences: true),
        new LayerNormGRU(21, returnSequences: true),
        new LSTM(21, returnSequences: true),
        new GRU(21, returnSequences: true),
        new SLSTM(21, returnSequences: true),
        new MLSTM(21, 3, returnSequences: true),
        new S6(21, 3, returnSequences: true),
        new Dense(21, activation: "softmax"),
        new Dense(21, kernelRegularizer: "orthogonal_regularizer", kernelConstraint: "unit_norm"),
    ];

    private static string[] Digests =>
    [
        "8D0656770C7BE069",
        "D56743EAAE79FEED",
        "AD74CB896BEFBD81",
        "47AE2352B879824B",
        "DF763600400BB46C",
        "7178E1484B35CE3D",
        "7E5D4CF091B77256",
        "11AD115305104527",
        "15B3FFE4C7E97266",
        "1C14E527D02C5D30",
        "F90F215E7CA2FA19",
    ];

    private static IEnumerable<TestCaseData> Cases =>
        Layers.Select((layer, i) => new TestCaseData(i).SetArgDisplayNames($"{i} {layer.ClassName}"));

    [TestCaseSource(nameof(Cases))]
    public void A_layer_predicts_and_learns_the_same_bits_at_every_width(int index)
    {
        if (!Fma.IsSupported && !AdvSimd.IsSupported)
        {
            Assert.Ignore("Without multiply-add products round twice.");
        }

        NDArray x = Numbers(1, 6, 7, 21);
        NDArray y = Numbers(2, 6, 7, 21);
        Layer layer = Layers[index];
        var model = new Sequential([new Input((7, 21)), layer]);
        model.Compile(new SGD(0.1, momentum: 0.9, clipNorm: 0.01), "mse");
        model.SetWeights([.. model.GetWeights().Select((weight, i) => Numbers(3 + i, [.. weight.Shape]))]);
        model.Fit(x, y, epochs: 3, batchSize: 4, shuffle: false, verbose: Verbosity.Silent);
        NDArray[] bits = [model.Predict(x), .. model.GetWeights()];
        Assert.That(Digest(bits), Is.EqualTo(Digests[index]));
    }

    // Numbers between -1 and 1 that are multiples of 2⁻²³.
    private static NDArray Numbers(int seed, params int[] shape)
    {
        var array = new NDArray(shape);
        uint state = (uint)seed * 2654435761u;
        for (int i = 0; i < array.Values.Length; i++)
        {
            state = (state * 1664525u) + 1013904223u;
            array.Values[i] = ((state >> 8) / 8388608f) - 1;
        }

        return array;
    }

    private static string Digest(IEnumerable<NDArray> arrays)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (NDArray array in arrays)
        {
            hash.AppendData(MemoryMarshal.AsBytes(array.Values.AsSpan()));
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
