"""python -m local up | down | status | demo | bench | replay | preflight | verify"""

from local.command_line import main

if __name__ == "__main__":
    main()
