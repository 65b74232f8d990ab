using System.Globalization;
using System.Text;
using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>Hashes are those of the libraries that Keras's come from, and bins those that Keras documents.</summary>
[TestFixture]
public sealed class HashingTests
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789 -_";

    private static readonly string[,] Words = { { "omar" }, { "stringer" }, { "marlo" }, { "wire" }, { "skywalker" } };

    private static readonly string[,] Capitals = { { "A" }, { "B" }, { "C" }, { "D" }, { "E" } };

    private static readonly float[,] Numbers = { { 0 }, { 1 }, { 2 }, { 3 }, { 4 } };

    [Test]
    public void Hashes_are_those_of_FarmHash_and_SipHash()
    {
        foreach ((int length, ulong hash) in Golden("farmhash.txt"))
        {
            Assert.That(Fingerprint.Farm(Text(length)), Is.EqualTo(hash), $"farm {length}");
        }

        foreach ((int length, ulong hash) in Golden("siphash.txt"))
        {
            Assert.That(Fingerprint.Sip(Text(length), 133, 137), Is.EqualTo(hash), $"sip {length}");
        }
    }

    [Test]
    public void Bins_of_strings_are_those_of_Keras()
    {
        Assert.That(Bins(new Hashing(3), Capitals), Is.EqualTo((float[])[1, 0, 1, 1, 2]));
        Assert.That(
            Bins(new Hashing(3, maskValue: ""), new string[,] { { "A" }, { "B" }, { "" }, { "C" }, { "D" } }),
            Is.EqualTo((float[])[1, 1, 0, 2, 2]));
        Assert.That(Bins(new Hashing(3, salt: [133, 137]), Capitals), Is.EqualTo((float[])[1, 2, 1, 0, 2]));
        Assert.That(Bins(new Hashing(3, salt: 133), Capitals), Is.EqualTo((float[])[0, 0, 2, 1, 0]));
        Assert.That(Bins(new Hashing(1), Capitals), Is.All.Zero);
        Assert.That(Bins(new Hashing(1, "A"), Capitals), Is.All.Zero);
        Assert.That(Bins(new Hashing(2), Words), Is.EqualTo((float[])[0, 0, 1, 0, 0]));
        Assert.That(Bins(new Hashing(3, ""), Words), Is.EqualTo((float[])[1, 1, 2, 1, 1]));
        Assert.That(Bins(new Hashing(3, "omar"), Words), Is.EqualTo((float[])[0, 1, 2, 1, 1]));
        Assert.That(Bins(new Hashing(2, salt: [133, 137]), Words), Is.EqualTo((float[])[0, 1, 0, 1, 0]));
        Assert.That(Bins(new Hashing(2, salt: [211, 137]), Words), Is.EqualTo((float[])[1, 0, 1, 0, 1]));
    }

    [Test]
    public void Bins_of_numbers_are_those_of_their_digits()
    {
        Assert.That(new Hashing(3).Call(Numbers).Values, Is.EqualTo((float[])[1, 0, 1, 0, 2]));
        Assert.That(new Hashing(3, salt: [133, 137]).Call(Numbers).Values, Is.EqualTo((float[])[1, 1, 2, 0, 1]));
        Assert.That(new Hashing(3).Call(new[] { 0.9f, 1.1f }).Values, Is.EqualTo((float[])[1, 0]), "fractions are lost");
        Assert.That(new Hashing(100).Call(new[] { -17 }).Values, Is.EqualTo(Bins(new Hashing(100), new string[,] { { "-17" } })));
        Assert.That(new Hashing(4, maskValue: 2).Call(Numbers).Values[2], Is.Zero);
    }

    [Test]
    public void Bins_are_encoded()
    {
        Assert.That(new Hashing(3, outputMode: "one_hot").Call(Numbers).ToArray2D(), Is.EqualTo(new float[,]
        {
            { 0, 1, 0 }, { 1, 0, 0 }, { 0, 1, 0 }, { 1, 0, 0 }, { 0, 0, 1 },
        }));
        NDArray row = Numbers;
        Assert.That(
            new Hashing(3, outputMode: "multi_hot").Call(row.Reshape(1, 5)).ToArray2D(),
            Is.EqualTo(new float[,] { { 1, 1, 1 } }));
        Assert.That(
            new Hashing(3, outputMode: "count").Call(row.Reshape(1, 5)).ToArray2D(),
            Is.EqualTo(new float[,] { { 2, 2, 1 } }));
        Assert.That(new Hashing(3, outputMode: "count").Call(row.Reshape(5)).ToArray1D(), Is.EqualTo((float[])[2, 2, 1]));
    }

    [Test]
    public void Mistakes_are_refused()
    {
        Refused(() => new Hashing(0, outputMode: "ints"), "Hashing: numBins must be at least 1, but is 0; outputMode must be "
            + "'int' or "
            + "'one_hot' or 'multi_hot' or 'count', but is 'ints'.");
        Refused(
            () => Salt.Create([1, 2, 3]), "A salt is one whole number, or two, but 3 were given. Write salt: 133 or salt: "
                + "[133, 137].");
        Refused(() => new Hashing(3, maskValue: 2).Call(["a"]), "Hashing reads numbers, but strings holds strings. (Parameter "
            + "'strings')");
        Refused(() => new Hashing(3, maskValue: "a").Call(Numbers), "Hashing reads strings, but is called on numbers. "
            + "(Parameter 'input')");
    }

    private static void Refused(Action act, string message) =>
        Assert.That(act, Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));

    private static float[] Bins(Hashing layer, string[,] strings) => layer.Call(strings).Values;

    private static byte[] Text(int n) =>
        Encoding.UTF8.GetBytes([.. Enumerable.Range(0, n).Select(i => Letters[((i * i) + (7 * n) + i) % Letters.Length])]);

    private static IEnumerable<(int Length, ulong Hash)> Golden(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "fixtures", "hashing", file))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' '))
            .Select(parts => (int.Parse(parts[0], CultureInfo.InvariantCulture),
                ulong.Parse(parts[1], CultureInfo.InvariantCulture)));
}
