using System.Buffers.Binary;
using Recurrent.Drawing;

namespace Recurrent.Tests.Inspection;

[TestFixture]
public sealed class HeatMapTests
{
    [Test]
    public void Every_value_is_a_pixel_of_its_colour()
    {
        // Two rows of three: stored from the bottom, each row filled up to four bytes.
        byte[] file = HeatMap.Bitmap([-1, 0, 1, 2, -0.5, -2], columns: 3, low: -1, high: 1);
        int start = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(10));
        Assert.That(file[..2], Is.EqualTo("BM"u8.ToArray()));
        Assert.That(BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(2)), Is.EqualTo(file.Length).And.EqualTo(start + 8));
        Assert.That(BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(18)), Is.EqualTo(3));
        Assert.That(BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(22)), Is.EqualTo(2));
        Assert.That(file[start..(start + 3)], Is.EqualTo(new byte[] { 255, 64, 0 }));
        Assert.That(file[(start + 4)..(start + 7)], Is.EqualTo(new byte[] { 0, 128, 255 }));
    }

    [Test]
    public void The_palette_runs_from_blue_over_white_to_red()
    {
        byte[] file = HeatMap.Bitmap([0], columns: 1, low: 0, high: 0);
        (byte Blue, byte Red) lowest = (file[54], file[56]);
        (byte Blue, byte Red) highest = (file[54 + 1020], file[56 + 1020]);
        Assert.That(lowest.Blue, Is.GreaterThan(lowest.Red));
        Assert.That(highest.Red, Is.GreaterThan(highest.Blue));
        Assert.That(file[54 + (4 * 128)], Is.GreaterThan(220));
    }
}
