using System.Text;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Reads a document as if it came from an enemy: it may be a model, or be refused as none, and cost little either
/// way.</summary>
internal static class Attack
{
    private const long Overhead = 8 << 20;
    private const long PerByte = 64;

    private static readonly ReadLimits Limits = new() { MaxParameters = 100_000 };

    /// <summary>Reads a file; null where it is refused.</summary>
    internal static ModelFormatException? OnFile(byte[] document, string what) =>
        Run(document.Length, what, () => Documents.Load(document, Limits));

    /// <summary>Reads a file; null where it is refused.</summary>
    internal static ModelFormatException? OnFile(string document, string what) => OnFile(Encoding.UTF8.GetBytes(document), what);

    /// <summary>Reads an architecture; null where it is refused.</summary>
    internal static ModelFormatException? OnArchitecture(string document, string what) =>
        Run(document.Length, what, () => Sequential.FromJson(document, limits: Limits));

    private static ModelFormatException? Run(int length, string what, Func<Sequential> read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelFormatException? refusal = null;
        try
        {
            read();
        }
        catch (ModelFormatException exception)
        {
            refusal = exception;
        }
        catch (Exception exception)
        {
            Assert.Fail($"{what}: {exception}");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(allocated, Is.LessThan(Overhead + (PerByte * length)), what);
        return refusal;
    }
}
