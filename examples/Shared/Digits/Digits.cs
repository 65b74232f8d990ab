using System.Globalization;
using System.IO.Compression;

namespace Recurrent.Examples;

/// <summary>Handwritten digits: images of 8 × 8 pixels, read from the top as sequences of 8 rows with 8 features.</summary>
/// <param name="X">Pixels from 0 to 1, shape (images, 8, 8).</param>
/// <param name="Labels">The digits.</param>
internal sealed record Digits(NDArray X, int[] Labels)
{
    internal const int Size = 8;
    internal const int Classes = 10;
    private const int Brightest = 16;

    internal int Count => Labels.Length;

    /// <summary>The digits as targets: class labels, not one-hot.</summary>
    internal NDArray Y => Labels;

    /// <summary>The images that come with the program, in the order of the file: the first for training, the last 450 for
    /// testing.</summary>
    internal static (Digits Training, Digits Test) Load()
    {
        const int TestImages = 450;
        Digits all = Read(Path.Combine(AppContext.BaseDirectory, "data", "digits.csv.gz"));
        int training = all.Count - TestImages;
        return (all.Slice(0, training), all.Slice(training, TestImages));
    }

    internal Digits Slice(int start, int count) => new(X.Slice(start, count), Labels[start..(start + count)]);

    /// <summary>The pixels of an image.</summary>
    internal ReadOnlySpan<float> Image(int index) => X.Values.AsSpan(index * Size * Size, Size * Size);

    private static Digits Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var pixels = new List<float>();
        var labels = new List<int>();
        while (reader.ReadLine() is { } line)
        {
            int[] numbers =
                Array.ConvertAll(line.Split(','), text => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
            pixels.AddRange(numbers[..^1].Select(pixel => (float)pixel / Brightest));
            labels.Add(numbers[^1]);
        }

        return new(new NDArray([labels.Count, Size, Size], [.. pixels]), [.. labels]);
    }
}
