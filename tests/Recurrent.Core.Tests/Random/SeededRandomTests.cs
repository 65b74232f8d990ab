using Recurrent.Layers;
using Recurrent.Random;

namespace Recurrent.Tests.Random;

[TestFixture]
public sealed class SeededRandomTests
{
    [Test]
    public void Bits_drawn_together_are_those_drawn_one_by_one([Values(0, 1, 2, 3, 4, 7, 8, 9, 31, 256)] int count)
    {
        var together = new SeededRandom(20);
        var alone = new SeededRandom(20);
        ulong[] bits = new ulong[count];
        together.NextBits(bits);
        Assert.That(bits, Is.EqualTo(Enumerable.Range(0, count).Select(_ => alone.NextBits())));
        Assert.That(together.NextBits(), Is.EqualTo(alone.NextBits()), "the draw after them");
    }

    [Test]
    public void The_stream_is_SplitMix64()
    {
        // The first numbers of the reference implementation for the state 1234567.
        var random = new SeededRandom(1234567);
        Assert.That(
            new[] { random.NextBits(), random.NextBits(), random.NextBits() },
            Is.EqualTo(new[] { 6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL }));
    }

    [Test]
    public void Dropout_compares_each_half_of_the_bits_with_its_rate(
        [Values(1, 2, 15, 16, 17, 511, 512, 513, 1300)] int count, [Values(0, 0.2, 0.5, 0.999)] double rate)
    {
        Real[] factors = new Real[count];
        DropoutNoise.Fill(new SeededRandom(5), rate, factors);
        var random = new SeededRandom(5);
        ulong pair = 0;
        for (int i = 0; i < count; i++)
        {
            pair = i % 2 == 0 ? random.NextBits() : pair >> 32;
            Real expected = (uint)pair < rate * 4294967296.0 ? 0 : (Real)(1 / (1 - rate));
            Assert.That(factors[i], Is.EqualTo(expected), $"factor {i}");
        }
    }
}
