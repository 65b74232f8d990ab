using System.Text;
using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Streaming;

namespace Recurrent.Forecasting;

/// <summary>Values of the state of a forecaster that are more than a few numbers.</summary>
internal static class StoredState
{
    /// <summary>Numbers as a value of a <see cref="Config"/>, with all their bits; <see cref="Numbers"/> reads them.</summary>
    internal static object Pack(ReadOnlySpan<double> numbers) => PackedNumbers.Write(numbers);

    /// <summary>Numbers of a file.</summary>
    /// <exception cref="ConfigException">They are missing, broken, not finite, or fewer than they have to be.</exception>
    internal static double[] Numbers(ConfigReader state, string key, int least = 0, bool allowMissing = false)
    {
        double[] numbers = PackedNumbers.Read(state, key, allowMissing);
        return numbers.Length >= least ? numbers : throw new ConfigException(FormattableString.Invariant(
            $"{state.Owner}: {key} must be at least {least} numbers, but is {numbers.Length}."))
        { Option = key };
    }

    /// <summary>A whole network, its document inside the file; <see cref="Network"/> reads it.</summary>
    internal static object Pack(Model network) => StoredNetwork.Pack(network);

    /// <summary>The state of a session, its document inside the file; <see cref="Session"/> goes on from it.</summary>
    internal static object Pack(StreamingSession session)
    {
        using var stream = new MemoryStream();
        session.Save(stream);
        return PackedNumbers.WriteText(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    /// <summary>A session of a file, over one sequence.</summary>
    /// <exception cref="ConfigException">It is missing, or none of this network.</exception>
    internal static StreamingSession Session(ConfigReader state, string key, Model network)
    {
        string document = PackedNumbers.ReadText(state, key);
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(document));
            StreamingSession session = network.ResumeSession(stream);
            return session.Sequences == 1 ? session
                : throw new ConfigException("the session must be over one sequence.") { Option = key };
        }
        catch (Exception exception) when (exception is ModelFormatException or NotSupportedException)
        {
            throw new ConfigException(exception.Message, exception) { Option = key };
        }
    }

    /// <summary>A network of a file.</summary>
    /// <exception cref="ConfigException">It is missing, or none.</exception>
    internal static Model Network(ConfigReader state, string key) => StoredNetwork.Read(state, key);
}
