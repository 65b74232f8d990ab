using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Recurrent.Callbacks;

/// <summary>
/// A file of TensorBoard's events: records of a length, its checksum, an Event and its checksum (TFRecord). Checksums are
/// CRC-32C, turned by 15 bits and moved by a constant, as the format asks.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const uint MaskDelta = 0xA282EAD8;

    private readonly FileStream file;
    private readonly TimeProvider time;

    /// <summary>Begins a file.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="time">Where the times of events come from.</param>
    public EventFile(string folder, TimeProvider time)
    {
        this.time = time;
        Directory.CreateDirectory(folder);
        long seconds = time.GetUtcNow().ToUnixTimeSeconds();
        string name = string.Create(CultureInfo.InvariantCulture,
            $"events.out.tfevents.{seconds:D10}.{Environment.MachineName}.{Environment.ProcessId}");
        file = Create(Path.Combine(folder, name));
        Write(record => record.Text(3, "brain.Event:2"));
    }

    /// <summary>Writes a number.</summary>
    public void Scalar(string tag, double value, long step) => Summary(step, summary =>
        summary.Text(1, tag).Float(2, (float)value));

    /// <summary>Writes how values are spread.</summary>
    public void Histogram(string tag, ReadOnlySpan<Real> values, long step)
    {
        var spread = HistogramBuckets.Of(values);
        Summary(step, summary => summary.Text(1, tag).Inside(5, spread.Write));
    }

    /// <summary>Writes a graph.</summary>
    /// <param name="graph">The message GraphDef.</param>
    public void Graph(ReadOnlySpan<byte> graph)
    {
        byte[] message = graph.ToArray();
        Write(record => record.Bytes(4, message));
    }

    /// <summary>Brings what was written to the file.</summary>
    public void Flush() => WriteFailure.Tell(nameof(TensorBoard), file.Name, file.Flush);

    /// <inheritdoc/>
    public void Dispose() => WriteFailure.Tell(nameof(TensorBoard), file.Name, file.Dispose);

    /// <summary>The checksum of a part of a record.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return unchecked(BitOperations.RotateRight(~crc, 15) + MaskDelta);
    }

    private static FileStream Create(string path)
    {
        for (int again = 0; ; again++)
        {
            string name = again == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{again}");
            try
            {
                // Others read along while training goes on.
                return new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
            }
            catch (IOException) when (File.Exists(name) && again < 10_000)
            {
                // Another run of this second has it.
            }
        }
    }

    private void Summary(long step, Action<ProtoWriter> write) =>
        Write(record => record.Int(2, step).Inside(5, summary => summary.Inside(1, write)));

    private void Write(Action<ProtoWriter> write)
    {
        ProtoWriter record = new ProtoWriter().Double(1, time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        write(record);
        WriteFailure.Tell(nameof(TensorBoard), file.Name, () => Write(record));
    }

    private void Write(ProtoWriter record)
    {
        Span<byte> frame = stackalloc byte[sizeof(ulong) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)record.Message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[sizeof(ulong)..], Checksum(frame[..sizeof(ulong)]));
        file.Write(frame);
        file.Write(record.Message);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Checksum(record.Message));
        file.Write(frame[..sizeof(uint)]);
    }
}
