using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Recurrent.Models;

namespace Recurrent.Selection;

/// <summary>A short text that is another one for other data, folds or options of training.</summary>
internal static class Fingerprint
{
    public static string Of(ModelData x, ModelData y, IReadOnlyList<Fold> folds, TrainingPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, x);
        Add(hash, y);
        foreach (Fold fold in folds)
        {
            foreach (IReadOnlyList<int> part in (IReadOnlyList<int>[])[fold.Training, fold.Validation])
            {
                Add(hash, part);
            }
        }

        Add(hash, string.Create(CultureInfo.InvariantCulture,
            $"{plan.Epochs} {plan.BatchSize} {plan.Patience} {plan.Monitor} {plan.Shuffle}"));
        if (plan.SampleWeight is { } weights)
        {
            Add(hash, weights);
        }

        foreach ((int label, double weight) in (plan.ClassWeight ?? new Dictionary<int, double>()).OrderBy(pair => pair.Key))
        {
            Add(hash, string.Create(CultureInfo.InvariantCulture, $"{label} {weight:R}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static void Add(IncrementalHash hash, ModelData data)
    {
        switch (data)
        {
            case { Array: { } array }:
                Add(hash, array);
                break;
            case { Sequences: { } sequences }:
                foreach (NDArray sequence in sequences)
                {
                    Add(hash, sequence);
                }

                break;
            case { Strings: { } strings }:
                Add(hash, strings.Shape);
                foreach (string text in strings)
                {
                    Add(hash, text);
                }

                break;
            case { Lazy: { } lazy }:
                Add(hash, lazy.Shape);
                Real[] sample = new Real[lazy.SampleSize];
                for (int i = 0; i < lazy.Count; i++)
                {
                    lazy.Read(i, sample);
                    hash.AppendData(MemoryMarshal.AsBytes<Real>(sample));
                }

                break;
            case { Named: { } named }:
                foreach ((string name, ModelData part) in named.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    Add(hash, name);
                    Add(hash, part);
                }

                break;
            default:
                foreach (ModelData part in data.Items ?? [])
                {
                    Add(hash, part);
                }

                break;
        }
    }

    private static void Add(IncrementalHash hash, NDArray array)
    {
        Add(hash, array.Shape);
        hash.AppendData(MemoryMarshal.AsBytes<Real>(array.Values));
    }

    private static void Add(IncrementalHash hash, IReadOnlyList<int> numbers)
    {
        hash.AppendData(BitConverter.GetBytes(numbers.Count));
        hash.AppendData(MemoryMarshal.AsBytes<int>(numbers.ToArray()));
    }

    private static void Add(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
