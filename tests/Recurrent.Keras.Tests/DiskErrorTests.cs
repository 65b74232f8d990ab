using Recurrent.Keras;
using Recurrent.Serialization;
using Recurrent.Tensors;

namespace Recurrent.Tests.Keras;

/// <summary>A disk that cannot be read is no file that is broken: its error comes to the caller as it is.</summary>
public sealed class DiskErrorTests
{
    private const string Error = "the disk is gone";

    [TestCase("keras/saved/simplernn.keras")]
    [TestCase("keras/saved/conv_bn_gru.keras")]
    [TestCase("keras/saved/simplernn.h5")]
    [TestCase("pytorch/saved/lstm_two_layers.pt")]
    [TestCase("pytorch/saved/widths.legacy.pth")]
    [TestCase("pytorch/saved/widths.safetensors")]
    public void An_error_of_the_disk_is_told_as_it_is_wherever_it_comes(string file)
    {
        byte[] content = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", file));
        var whole = new Failing(content, failing: int.MaxValue);
        Read(file, whole);
        Assert.That(whole.Reads, Is.GreaterThan(1));
        for (int failing = 1; failing <= whole.Reads; failing++)
        {
            Assert.That(() => Read(file, new Failing(content, failing)),
                Throws.TypeOf<IOException>().With.Message.EqualTo(Error), $"read {failing} of {whole.Reads}");
        }
    }

    [Test]
    public void A_stream_that_cannot_be_read_says_so()
    {
        using var stream = new BrokenStream();
        Assert.That(() => KerasFile.Load(stream), Throws.TypeOf<IOException>().With.Message.EqualTo(Error));
        Assert.That(() => TensorFile.Read(stream), Throws.TypeOf<IOException>().With.Message.EqualTo(Error));
    }

    private static void Read(string name, Failing source)
    {
        using var stream = new BytesStream(source);
        if (name.StartsWith("keras", StringComparison.Ordinal))
        {
            KerasFile.Load(stream);
            return;
        }

        using TensorFile file = TensorFile.Over(stream, ReadLimits.Default);
        foreach (TensorInfo tensor in file.Tensors)
        {
            file.Read(tensor.Name);
        }
    }

    /// <summary>Bytes one of whose reads fails.</summary>
    private sealed class Failing(byte[] content, int failing) : ByteSource
    {
        public int Reads { get; private set; }

        public override long Length => content.Length;

        protected override bool TryRead(long offset, Span<byte> target)
        {
            if (++Reads == failing)
            {
                throw new IOException(Error);
            }

            content.AsSpan((int)offset, target.Length).CopyTo(target);
            return true;
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException(Error);

        public override int Read(Span<byte> buffer) => throw new IOException(Error);
    }
}
