using System.IO.Compression;
using System.Text;
using Recurrent.Keras;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Keras;

/// <summary>Files that are not what they say give a <see cref="ModelFormatException"/>, or a model, and nothing else.</summary>
public sealed class HostileFileTests
{
    [TestCase("", "The document is empty")]
    [TestCase("date,value\n2024-01-01,3\n", "looks like a table")]
    [TestCase("{\"format\": \"recurrent\"}", "no file of Keras")]
    public void What_a_file_is_that_is_no_file_of_Keras_is_said(string text, string message) => Assert.That(
        () => KerasFile.Load(new MemoryStream(Encoding.UTF8.GetBytes(text))),
        Throws.TypeOf<ModelFormatException>().With.Message.Contains(message));

    [Test]
    public void A_stream_that_changes_what_lies_under_it_is_read_by_its_own_words()
    {
        byte[] hidden = [.. File.ReadAllBytes(KerasFixture.PathOf("saved/simplernn.keras")).Select(one => (byte)(one ^ 0x5A))];
        using var stream = new Unveiling(hidden);
        Assert.That(KerasFile.Load(stream).Layers, Is.Not.Empty);
    }

    private sealed class Unveiling(byte[] hidden) : MemoryStream(hidden, 0, hidden.Length, false, publiclyVisible: true)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            foreach (ref byte one in buffer.AsSpan(offset, read))
            {
                one ^= 0x5A;
            }

            return read;
        }
    }

    [Test]
    public void A_file_behind_a_password_is_told_as_one()
    {
        byte[] locked = LockedZip.Of(File.ReadAllBytes(KerasFixture.PathOf("saved/simplernn.keras")));
        Assert.That(() => KerasFile.Load(new MemoryStream(locked)), Throws.TypeOf<ModelFormatException>()
            .With.Message.Contains("'config.json' is protected by a password. Unpack the archive and pack it again."));
    }

    [Test]
    public void Weights_alone_are_no_model() => Assert.That(
        () => KerasFile.Load(KerasFixture.PathOf("saved/simplernn.weights.h5")),
        Throws.TypeOf<ModelFormatException>().With.Message.Contains("KerasFile.LoadWeights"));

    [Test]
    public void Weights_of_another_model_change_nothing()
    {
        Model model = KerasFile.Load(KerasFixture.PathOf("saved/simplernn.keras"));
        float[] before = [.. model.GetWeights().SelectMany(weight => weight.Values)];
        foreach (string other in (string[])["gru_classifier.weights.h5", "gru_classifier.h5", "gru_classifier.keras"])
        {
            Assert.That(
                () => KerasFile.LoadWeights(model, KerasFixture.PathOf($"saved/{other}")),
                Throws.TypeOf<ModelFormatException>());
        }

        Assert.That(model.GetWeights().SelectMany(weight => weight.Values), Is.EqualTo(before));
    }

    [Test]
    public void A_file_cut_off_anywhere_is_refused([Values("simplernn.keras", "simplernn.h5")] string name)
    {
        byte[] whole = File.ReadAllBytes(KerasFixture.PathOf($"saved/{name}"));
        foreach (int length in Enumerable.Range(0, 40).Select(i => whole.Length * i / 40))
        {
            AssertHarmless(whole[..length], mustFail: name.EndsWith(".keras", StringComparison.Ordinal));
        }
    }

    [Test]
    public void A_model_larger_than_its_file_is_refused_before_there_is_room_for_it()
    {
        byte[] file = WithArchitecture("simplernn.keras", text => text.Replace("\"units\": 5", "\"units\": 30000",
            StringComparison.Ordinal));
        long before = GC.GetTotalAllocatedBytes();
        Assert.That(() => KerasFile.Load(new MemoryStream(file)), Throws.TypeOf<ModelFormatException>()
            .With.Message.Contains("more numbers than"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(64 << 20));
    }

    [Test]
    public void A_part_that_unpacks_to_more_than_the_limit_is_refused()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream part = archive.CreateEntry("config.json", CompressionLevel.SmallestSize).Open();
            part.Write(new byte[30 << 20]);
        }

        stream.Position = 0;
        Assert.That(
            () => KerasFile.Load(stream, limits: new() { MaxLength = 1 << 20 }),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("ReadLimits.MaxLength"));
    }

    [Test]
    public void A_layer_of_unknown_code_is_refused() => Assert.That(
        () => KerasFile.Load(new MemoryStream(WithArchitecture("simplernn.keras", text => text.Replace(
            "\"class_name\": \"SimpleRNN\"", "\"class_name\": \"Lambda\"", StringComparison.Ordinal)))),
        Throws.TypeOf<ModelFormatException>());

    [Test]
    [CancelAfter(120_000)]
    public void A_mutated_file_is_a_model_or_refused(
        [Values("simplernn.keras", "simplernn.h5", "gru_classifier.h5")] string name, CancellationToken token)
    {
        byte[] whole = File.ReadAllBytes(KerasFixture.PathOf($"saved/{name}"));
        var random = new System.Random(11);
        for (int trial = 0; trial < 400 && !token.IsCancellationRequested; trial++)
        {
            byte[] mutated = [.. whole];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                int place = random.Next(mutated.Length);
                mutated[place] = random.Next(3) switch
                {
                    0 => (byte)random.Next(256),
                    1 => 0xFF,
                    _ => (byte)(mutated[place] ^ (1 << random.Next(8))),
                };
            }

            AssertHarmless(mutated, mustFail: false);
        }
    }

    private static void AssertHarmless(byte[] file, bool mustFail)
    {
        long before = GC.GetTotalAllocatedBytes();
        try
        {
            Model model = KerasFile.Load(new MemoryStream(file));
            Assert.That(mustFail, Is.False, model.Name);
        }
        catch (ModelFormatException)
        {
        }

        // The HDF5 library makes room for a length that a header claims, and finds at once that the file ends before it.
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(3L << 30));
    }

    private static byte[] WithArchitecture(string name, Func<string, string> change)
    {
        using var stream = new MemoryStream();
        stream.Write(File.ReadAllBytes(KerasFixture.PathOf($"saved/{name}")));
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = archive.GetEntry("config.json")!;
            string text;
            using (var reader = new StreamReader(entry.Open()))
            {
                text = change(reader.ReadToEnd());
            }

            entry.Delete();
            using var writer = new StreamWriter(archive.CreateEntry("config.json").Open());
            writer.Write(text);
        }

        return stream.ToArray();
    }
}
