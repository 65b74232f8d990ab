using System.Buffers.Binary;
using Recurrent.Keras;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Keras;

/// <summary>Arrays of more numbers than are read at once.</summary>
public sealed class LargeWeightsTests
{
    // The type of numbers of 32 bits in HDF5: which byte stands first says the lowest bit.
    private static readonly byte[] LittleEndianFloat = [0x20, 0x1F, 0x00, 0x04, 0x00, 0x00, 0x00];

    private string folder = string.Empty;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("recurrent-large").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_model_keeps_its_bits_in_a_file_and_in_streams()
    {
        Model model = Made(3);
        string path = Path.Combine(folder, "model.keras");
        KerasFile.Save(model, path);

        WeightAssert.AreSame(KerasFile.Load(path), model);
        WeightAssert.AreSame(KerasFile.Load(new MemoryStream(File.ReadAllBytes(path))), model);
        Model other = Made(4);
        KerasFile.LoadWeights(other, path);
        WeightAssert.AreSame(other, model);
    }

    [Test]
    public void Weights_keep_their_bits()
    {
        Model model = Made(3);
        KerasFile.SaveWeights(model, Path.Combine(folder, "a.weights.h5"));
        Model other = Made(4);
        KerasFile.LoadWeights(other, Path.Combine(folder, "a.weights.h5"));
        WeightAssert.AreSame(other, model);
    }

    [Test]
    public void A_number_that_is_not_finite_is_refused_with_its_array()
    {
        const float Mark = 1.2345e-20f;
        Model model = Made(3);
        List<NDArray> weights = [.. model.GetWeights()];
        weights[0].Values[70_000] = Mark;
        model.SetWeights(weights);
        string path = Path.Combine(folder, "model.keras");
        KerasFile.Save(model, path);
        byte[] file = File.ReadAllBytes(path);
        int place = file.AsSpan().IndexOf(BitConverter.GetBytes(Mark));
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(place), float.PositiveInfinity);
        File.WriteAllBytes(path, file);

        Assert.That(() => KerasFile.Load(path), Throws.TypeOf<ModelFormatException>()
            .With.Message.Contains("not finite").And.Message.Contains("layers/lstm/cell/vars/0"));
    }

    [Test]
    public void Numbers_whose_first_byte_is_the_highest_are_refused_and_not_taken_for_others()
    {
        string path = Path.Combine(folder, "a.weights.h5");
        KerasFile.SaveWeights(Made(3), path);
        byte[] file = File.ReadAllBytes(path);
        int types = 0;
        for (int at = 0; file.AsSpan(at).IndexOf(LittleEndianFloat) is >= 0 and var next; types++)
        {
            at += next;
            file[at] |= 1;
        }

        Assert.That(types, Is.GreaterThanOrEqualTo(5));
        File.WriteAllBytes(path, file);
        Assert.That(() => KerasFile.LoadWeights(Made(4), path),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("order"));
    }

    private static Model Made(int seed)
    {
        var input = new Input((2, 300));
        Symbol steps = new LSTM(260, returnSequences: true).Call(input.Output);
        Symbol attended = new MultiHeadAttention(4, 65).Call(steps, steps);
        return new Model(input.Output, new Dense(3).Call(attended), seed: seed);
    }
}
