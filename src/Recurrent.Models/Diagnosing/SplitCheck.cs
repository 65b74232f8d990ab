using System.Globalization;
using System.Runtime.InteropServices;
using Recurrent.Inspection;
using Recurrent.Training;

namespace Recurrent.Diagnosing;

/// <summary>Looks for validation samples that share steps with training samples, as windows over one series may.</summary>
internal static class SplitCheck
{
    private const int MostSamples = 20_000;

    /// <summary>So many bits of data are not the same by chance.</summary>
    private const double EnoughBits = 40;

    /// <summary>Finds what is wrong.</summary>
    public static Finding? Of(TrainingContext context, SampleSet training, SampleSet validation)
    {
        // The input with the most steps tells the most.
        int input = Enumerable.Range(0, training.Parts.Count).MaxBy(i => training.Parts[i].SampleShape is var shape
            && shape.Rank > 0 && training.Parts[i].IsRagged ? int.MaxValue : shape.Steps);
        var seen = new SampleReader(training.Parts[input], MostSamples);
        var other = new SampleReader(validation.Parts[input], MostSamples);
        int length = RunLength(seen);
        if (length == 0)
        {
            return null;
        }

        var runs = new HashSet<UInt128>();
        for (int i = 0; i < seen.Count; i++)
        {
            AddRuns(seen.Read(i), seen.Features, length, runs);
        }

        var own = new HashSet<UInt128>();
        int shared = 0;
        for (int i = 0; i < other.Count; i++)
        {
            own.Clear();
            AddRuns(other.Read(i), other.Features, length, own);
            shared += own.Overlaps(runs) ? 1 : 0;
        }

        double share = (double)shared / other.Count;
        string what = length == 1 ? "a step" : FormattableString.Invariant($"{length} steps in a row");
        return shared == 0 ? null : new(FindingKind.LeakingWindows, Places.Of(context, input), share, string.Create(
            CultureInfo.InvariantCulture, $"{shared} of {other.Count} validation samples hold {what} of training samples: their "
            + $"score is that of data the model has seen."),
            "Cut the series in two before windows are cut from it (TimeSplit), with a gap as long as a window, and do not "
            + "shuffle windows before the split.");
    }

    /// <summary>How many steps in a row are not the same by chance; 0 where not even whole samples can tell.</summary>
    private static int RunLength(SampleReader reader)
    {
        var steps = new HashSet<UInt128>();
        long all = 0;
        int longest = 1;
        for (int i = 0; i < reader.Count; i++)
        {
            Real[] sample = reader.Read(i);
            AddRuns(sample, reader.Features, 1, steps);
            all += sample.Length / reader.Features;
            longest = Math.Max(longest, sample.Length / reader.Features);
        }

        // Samples that repeat one another, or steps of a few kinds: each says little.
        double bits = steps.Count > 0.5 * all ? 24 : Math.Log2(Math.Max(steps.Count, 1));
        if (longest == 1)
        {
            return steps.Count > 0.9 * all && bits >= 5 ? 1 : 0;
        }

        int length = (int)Math.Ceiling(EnoughBits / Math.Max(bits, 1e-3));
        return length < longest ? length : longest * bits >= EnoughBits / 2 ? Math.Max(1, Math.Min(length, longest - 1)) : 0;
    }

    private static void AddRuns(Real[] sample, int features, int length, HashSet<UInt128> runs)
    {
        int width = features * length;
        for (int start = 0; start + width <= sample.Length; start += features)
        {
            ReadOnlySpan<Real> run = sample.AsSpan(start, width);
            if (length == 1 || run.ContainsAnyExcept(run[0]))
            {
                runs.Add(Hash(MemoryMarshal.AsBytes(run)));
            }
        }
    }

    /// <summary>FNV-1a in 128 bits.</summary>
    private static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        var prime = new UInt128(0x0000000001000000, 0x000000000000013B);
        var hash = new UInt128(0x6c62272e07bb0142, 0x62b821756295c58d);
        foreach (byte each in bytes)
        {
            hash = unchecked((hash ^ each) * prime);
        }

        return hash;
    }
}
