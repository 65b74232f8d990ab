using System.Runtime.Intrinsics;
using Recurrent.Numerics;
using Recurrent.Random;

namespace Recurrent.Tests.Numerics;

/// <summary>The sweep of a selective state space: as plain loops, and the same bits at every width.</summary>
[TestFixture]
public sealed class SelectiveStepTests
{
    private static int[] Widths => [1, Vector128<Real>.Count, Vector256<Real>.Count, Vector512<Real>.Count];

    [Test]
    public void It_gives_what_plain_loops_give([Values(1, 3, 8, 16, 21, 40)] int units, [Values(1, 5, 16)] int size)
    {
        Case expected = Case.Random(units, size);
        Case[] actual = [.. Widths.Select(_ => Case.Random(units, size))];
        NaiveSelectiveStep.Forward(
            expected.U, expected.Delta, expected.Rates, expected.B, expected.C, expected.Skip, expected.Before, expected.After,
            expected.Y);
        for (int i = 0; i < actual.Length; i++)
        {
            Case own = actual[i];
            SelectiveStep.Forward(own.U, own.Delta, own.Rates, own.B, own.C, own.Skip, own.Before, own.After, own.Y, Widths[i]);
            expected.After.CopyTo(own.After, 0);
        }

        NaiveSelectiveStep.Backward(
            expected.U, expected.Delta, expected.Rates, expected.B, expected.C, expected.Skip, expected.Before, expected.After,
            expected.Slope, expected.State, expected.DeltaSlope, expected.RateSlopes, expected.SkipSlope);
        for (int i = 0; i < actual.Length; i++)
        {
            Case own = actual[i];
            SelectiveStep.Backward(
                own.U, own.Delta, own.Rates, own.B, own.C, own.Skip, own.Before, own.After, own.Slope, own.State, own.DeltaSlope,
                own.RateSlopes, own.SkipSlope, own.Sums, Widths[i]);
            foreach ((Real[] values, Real[] first, Real[] naive) in own.All.Zip(actual[0].All, expected.All))
            {
                Assert.That(values, Is.EqualTo(first), $"width {Widths[i]}");
                Assert.That(values, Is.EqualTo(naive).Within(2e-5), $"width {Widths[i]}");
            }
        }
    }

    [Test]
    public void A_state_may_be_written_in_its_place()
    {
        Case apart = Case.Random(21, 4);
        Case inPlace = Case.Random(21, 4);
        SelectiveStep.Forward(
            apart.U, apart.Delta, apart.Rates, apart.B, apart.C, apart.Skip, apart.Before, apart.After, apart.Y);
        SelectiveStep.Forward(
            inPlace.U, inPlace.Delta, inPlace.Rates, inPlace.B, inPlace.C, inPlace.Skip, inPlace.Before, inPlace.Before,
            inPlace.Y);
        Assert.That(inPlace.Before, Is.EqualTo(apart.After));
        Assert.That(inPlace.Y, Is.EqualTo(apart.Y));
    }

    private sealed record Case(
        Real[] U,
        Real[] Delta,
        Real[] Rates,
        Real[] B,
        Real[] C,
        Real[] Skip,
        Real[] Before,
        Real[] After,
        Real[] Y,
        Real[] Slope,
        Real[] State,
        Real[] DeltaSlope,
        Real[] RateSlopes,
        Real[] SkipSlope)
    {
        public Real[] Sums { get; } = new Real[2 * SelectiveStep.Parts * B.Length];

        public IEnumerable<Real[]> All => [U, B, C, Before, After, Y, State, DeltaSlope, RateSlopes, SkipSlope];

        public static Case Random(int units, int size)
        {
            var random = new SeededRandom(7);
            Real[] Draw(int count, double from, double to)
            {
                var values = new Real[count];
                foreach (ref Real value in values.AsSpan())
                {
                    value = (Real)random.NextUniform(from, to);
                }

                return values;
            }

            int all = units * size;
            return new(
                Draw(units, -1, 1), Draw(units, 0, 1), Draw(all, -3, 0), Draw(size, -1, 1), Draw(size, -1, 1), Draw(units, -1, 1),
                Draw(all, -1, 1), new Real[all], new Real[units], Draw(units, -1, 1), Draw(all, -1, 1), new Real[units],
                Draw(all, -1, 1), Draw(units, -1, 1));
        }
    }
}
